package dev.berth.api.ecs;

import dev.berth.api.gateway.CallContext;
import dev.berth.api.protocol.ShapeText;
import dev.berth.control.command.ClusterCommands;
import dev.berth.control.command.Refusal;
import dev.berth.control.command.Refused;
import dev.berth.control.query.ClusterQueries;
import dev.berth.control.query.Page;
import dev.berth.control.query.SettingQueries;
import dev.berth.model.Declared;
import dev.berth.model.cluster.CapacityProviderUse;
import dev.berth.model.cluster.ClusterId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ClusterField;
import software.amazon.awssdk.services.ecs.model.ClusterSetting;
import software.amazon.awssdk.services.ecs.model.CreateClusterRequest;
import software.amazon.awssdk.services.ecs.model.CreateClusterResponse;
import software.amazon.awssdk.services.ecs.model.DeleteClusterRequest;
import software.amazon.awssdk.services.ecs.model.DeleteClusterResponse;
import software.amazon.awssdk.services.ecs.model.DescribeClustersRequest;
import software.amazon.awssdk.services.ecs.model.DescribeClustersResponse;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.ListClustersRequest;
import software.amazon.awssdk.services.ecs.model.ListClustersResponse;
import software.amazon.awssdk.services.ecs.model.PutClusterCapacityProvidersRequest;
import software.amazon.awssdk.services.ecs.model.PutClusterCapacityProvidersResponse;
import software.amazon.awssdk.services.ecs.model.UpdateClusterRequest;
import software.amazon.awssdk.services.ecs.model.UpdateClusterResponse;
import software.amazon.awssdk.services.ecs.model.UpdateClusterSettingsRequest;
import software.amazon.awssdk.services.ecs.model.UpdateClusterSettingsResponse;

/** Clusters over ECS's shapes. */
public final class ClusterOperations implements EcsOperations.Group {
  private static final int DESCRIBE_COUNT_MAX = 100;

  private final ClusterCommands commands;
  private final ClusterQueries queries;
  private final SettingQueries settings;

  public ClusterOperations(
      ClusterCommands commands, ClusterQueries queries, SettingQueries settings) {
    this.commands = commands;
    this.queries = queries;
    this.settings = settings;
  }

  @Override
  public void addTo(EcsOperations operations) {
    operations
        .on(CreateClusterRequest.class, this::create)
        .on(DescribeClustersRequest.class, this::describe)
        .on(ListClustersRequest.class, this::list)
        .on(UpdateClusterRequest.class, this::update)
        .on(UpdateClusterSettingsRequest.class, this::updateSettings)
        .on(PutClusterCapacityProvidersRequest.class, this::putCapacityProviders)
        .on(DeleteClusterRequest.class, this::delete);
  }

  private CreateClusterResponse create(CallContext context, CreateClusterRequest request)
      throws Refused {
    // A new cluster's insights are as the account has them, unless it says otherwise.
    var declaredSettings =
        new HashMap<>(
            Map.of(
                ClusterShapes.CONTAINER_INSIGHTS,
                settings.effective(
                    context.realm(), context.principal().arn(), ClusterShapes.CONTAINER_INSIGHTS)));
    declaredSettings.putAll(settings(request.settings()));
    ClusterId id = named(context, request.clusterName());
    var declared =
        dev.berth.model.cluster.Cluster.named(id)
            .withSettings(declaredSettings)
            .withConfiguration(declared(request.configuration()))
            .withServiceConnectDefaults(declared(request.serviceConnectDefaults()))
            .withCapacityProviders(
                request.capacityProviders(), strategy(request.defaultCapacityProviderStrategy()))
            .withTags(EcsTags.byKey(request.tags()));
    return CreateClusterResponse.builder().cluster(whole(commands.create(declared))).build();
  }

  private DescribeClustersResponse describe(CallContext context, DescribeClustersRequest request)
      throws Refused {
    List<String> wanted =
        request.clusters().isEmpty() ? List.of(ClusterId.DEFAULT_NAME) : request.clusters();
    if (wanted.size() > DESCRIBE_COUNT_MAX) {
      throw new Refused(new Refusal.InvalidParameter("clusters can name at most 100 clusters."));
    }
    var found = new ArrayList<Cluster>();
    var failures = new ArrayList<Failure>();
    for (String name : wanted) {
      Optional<ClusterQueries.View> view = find(context, name);
      if (view.isPresent()) {
        found.add(ClusterShapes.of(view.get(), Set.copyOf(request.include())));
      } else {
        failures.add(Failure.builder().arn(arn(context, name)).reason("MISSING").build());
      }
    }
    return DescribeClustersResponse.builder().clusters(found).failures(failures).build();
  }

  /** Another account's or region's cluster is missing, like any that is not there. */
  private Optional<ClusterQueries.View> find(CallContext context, String name) throws Refused {
    try {
      return queries.describe(named(context, name));
    } catch (Refused refused) {
      if (refused.refusal() instanceof Refusal.ClusterNotFound) {
        return Optional.empty();
      }
      throw refused;
    }
  }

  private ListClustersResponse list(CallContext context, ListClustersRequest request)
      throws Refused {
    Page<dev.berth.model.cluster.Cluster> page =
        queries.list(context.realm(), EcsPages.request(request.maxResults(), request.nextToken()));
    return ListClustersResponse.builder()
        .clusterArns(page.items().stream().map(it -> it.id().arn().toString()).toList())
        .nextToken(page.nextToken().orElse(null))
        .build();
  }

  private UpdateClusterResponse update(CallContext context, UpdateClusterRequest request)
      throws Refused {
    Map<String, String> changedSettings = settings(request.settings());
    var updated =
        commands.update(
            named(context, request.cluster()),
            cluster -> {
              var next = cluster.withSettings(merged(cluster.settings(), changedSettings));
              if (request.configuration() != null) {
                next = next.withConfiguration(declared(request.configuration()));
              }
              return request.serviceConnectDefaults() == null
                  ? next
                  : next.withServiceConnectDefaults(declared(request.serviceConnectDefaults()));
            });
    return UpdateClusterResponse.builder().cluster(whole(updated)).build();
  }

  private UpdateClusterSettingsResponse updateSettings(
      CallContext context, UpdateClusterSettingsRequest request) throws Refused {
    Map<String, String> changed = settings(request.settings());
    var updated =
        commands.update(
            named(context, request.cluster()),
            cluster -> cluster.withSettings(merged(cluster.settings(), changed)));
    return UpdateClusterSettingsResponse.builder().cluster(whole(updated)).build();
  }

  private PutClusterCapacityProvidersResponse putCapacityProviders(
      CallContext context, PutClusterCapacityProvidersRequest request) throws Refused {
    List<CapacityProviderUse> strategy = strategy(request.defaultCapacityProviderStrategy());
    var updated =
        commands.update(
            named(context, request.cluster()),
            cluster -> cluster.withCapacityProviders(request.capacityProviders(), strategy));
    return PutClusterCapacityProvidersResponse.builder().cluster(whole(updated)).build();
  }

  private DeleteClusterResponse delete(CallContext context, DeleteClusterRequest request)
      throws Refused {
    return DeleteClusterResponse.builder()
        .cluster(whole(commands.delete(named(context, request.cluster()))))
        .build();
  }

  /** What changed is shown whole, as on AWS. */
  private Cluster whole(dev.berth.model.cluster.Cluster cluster) {
    return ClusterShapes.of(queries.view(cluster), EnumSet.allOf(ClusterField.class));
  }

  private static ClusterId named(CallContext context, @Nullable String name) throws Refused {
    return ClusterCommands.named(
        context.realm(), Optional.ofNullable(name).filter(it -> !it.isEmpty()));
  }

  private static String arn(CallContext context, String name) {
    return ClusterId.isName(name) ? new ClusterId(context.realm(), name).arn().toString() : name;
  }

  private static Declared declared(@Nullable SdkPojo shape) {
    return shape == null ? Declared.NOTHING : new Declared(ShapeText.of(shape));
  }

  private static Map<String, String> settings(List<ClusterSetting> settings) {
    var byName = new HashMap<String, String>();
    settings.forEach(
        setting ->
            byName.put(String.valueOf(setting.nameAsString()), String.valueOf(setting.value())));
    return byName;
  }

  private static Map<String, String> merged(
      Map<String, String> known, Map<String, String> changed) {
    var merged = new HashMap<>(known);
    merged.putAll(changed);
    return merged;
  }

  private static List<CapacityProviderUse> strategy(List<CapacityProviderStrategyItem> items) {
    return items.stream()
        .map(
            item ->
                new CapacityProviderUse(
                    item.capacityProvider(), number(item.base()), number(item.weight())))
        .toList();
  }

  private static int number(@Nullable Integer declared) {
    return declared == null ? 0 : declared;
  }
}
