package dev.berth.api.ssm;

import dev.berth.api.gateway.CallContext;
import dev.berth.api.gateway.Operation;
import dev.berth.api.gateway.ServiceBinding;
import dev.berth.control.command.Refused;
import dev.berth.control.command.Tags;
import dev.berth.control.query.Page;
import dev.berth.control.secret.ParameterCommands;
import dev.berth.control.secret.ParameterRefused;
import dev.berth.control.secret.Parameters;
import dev.berth.control.secret.Parameters.Found;
import dev.berth.control.state.Ledger;
import dev.berth.model.secret.Parameter;
import dev.berth.model.secret.ParameterType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ssm.model.AddTagsToResourceRequest;
import software.amazon.awssdk.services.ssm.model.AddTagsToResourceResponse;
import software.amazon.awssdk.services.ssm.model.DeleteParameterRequest;
import software.amazon.awssdk.services.ssm.model.DeleteParameterResponse;
import software.amazon.awssdk.services.ssm.model.DeleteParametersRequest;
import software.amazon.awssdk.services.ssm.model.DeleteParametersResponse;
import software.amazon.awssdk.services.ssm.model.DescribeParametersRequest;
import software.amazon.awssdk.services.ssm.model.DescribeParametersResponse;
import software.amazon.awssdk.services.ssm.model.GetParameterHistoryRequest;
import software.amazon.awssdk.services.ssm.model.GetParameterHistoryResponse;
import software.amazon.awssdk.services.ssm.model.GetParameterRequest;
import software.amazon.awssdk.services.ssm.model.GetParameterResponse;
import software.amazon.awssdk.services.ssm.model.GetParametersByPathRequest;
import software.amazon.awssdk.services.ssm.model.GetParametersByPathResponse;
import software.amazon.awssdk.services.ssm.model.GetParametersRequest;
import software.amazon.awssdk.services.ssm.model.GetParametersResponse;
import software.amazon.awssdk.services.ssm.model.InvalidNextTokenException;
import software.amazon.awssdk.services.ssm.model.InvalidResourceIdException;
import software.amazon.awssdk.services.ssm.model.InvalidResourceTypeException;
import software.amazon.awssdk.services.ssm.model.ListTagsForResourceRequest;
import software.amazon.awssdk.services.ssm.model.ListTagsForResourceResponse;
import software.amazon.awssdk.services.ssm.model.PutParameterRequest;
import software.amazon.awssdk.services.ssm.model.PutParameterResponse;
import software.amazon.awssdk.services.ssm.model.RemoveTagsFromResourceRequest;
import software.amazon.awssdk.services.ssm.model.RemoveTagsFromResourceResponse;
import software.amazon.awssdk.services.ssm.model.Tag;

/** Parameter Store's operations, but for labels and policies. */
public final class ParameterOperations {
  private static final int PATH_PAGE_SIZE_MAX = 10;
  private static final int PAGE_SIZE_MAX = 50;

  private final Ledger ledger;
  private final ParameterCommands commands;
  private final ParameterShapes shapes;

  public ParameterOperations(Ledger ledger, Parameters parameters, ParameterCommands commands) {
    this.ledger = ledger;
    this.commands = commands;
    this.shapes = new ParameterShapes(parameters);
  }

  /** The service, ready to be served. */
  public ServiceBinding binding() {
    return ServiceBinding.of("ssm")
        .on(PutParameterRequest.class, refusable(this::put))
        .on(GetParameterRequest.class, refusable(this::get))
        .on(GetParametersRequest.class, refusable(this::getAll))
        .on(GetParametersByPathRequest.class, refusable(this::byPath))
        .on(DescribeParametersRequest.class, refusable(this::describe))
        .on(GetParameterHistoryRequest.class, refusable(this::history))
        .on(DeleteParameterRequest.class, refusable(this::delete))
        .on(DeleteParametersRequest.class, refusable(this::deleteAll))
        .on(AddTagsToResourceRequest.class, refusable(this::tag))
        .on(RemoveTagsFromResourceRequest.class, refusable(this::untag))
        .on(ListTagsForResourceRequest.class, refusable(this::tags))
        .build();
  }

  private interface Refusable<I, O> {
    O call(CallContext context, I request) throws ParameterRefused;
  }

  private static <I, O> Operation<I, O> refusable(Refusable<I, O> operation) {
    return (context, request) -> {
      try {
        return operation.call(context, request);
      } catch (ParameterRefused refused) {
        throw ParameterErrors.of(refused);
      }
    };
  }

  private PutParameterResponse put(CallContext context, PutParameterRequest request)
      throws ParameterRefused {
    if (request.policies() != null && !request.policies().isEmpty()) {
      throw ParameterErrors.invalid("Policies: Berth does not offer parameter policies.");
    }
    Parameter written =
        commands.put(
            context.realm(),
            new ParameterCommands.Wish(
                request.name(),
                request.value(),
                Optional.ofNullable(request.typeAsString()).flatMap(ParameterType::of),
                Boolean.TRUE.equals(request.overwrite()),
                Optional.ofNullable(request.description()),
                Optional.ofNullable(request.keyId()),
                Optional.ofNullable(request.allowedPattern()),
                Optional.ofNullable(request.dataType()).orElse("text"),
                Optional.ofNullable(request.tierAsString()),
                tags(request.tags()),
                context.principal().arn()),
            context.now());
    return PutParameterResponse.builder()
        .version((long) written.newest().number())
        .tier(written.newest().tier())
        .build();
  }

  private GetParameterResponse get(CallContext context, GetParameterRequest request)
      throws ParameterRefused {
    Found found = find(context, request.name());
    return GetParameterResponse.builder()
        .parameter(shapes.of(found, Boolean.TRUE.equals(request.withDecryption())))
        .build();
  }

  private GetParametersResponse getAll(CallContext context, GetParametersRequest request) {
    var found = new ArrayList<software.amazon.awssdk.services.ssm.model.Parameter>();
    var missing = new ArrayList<String>();
    for (String name : request.names()) {
      try {
        found.add(shapes.of(find(context, name), Boolean.TRUE.equals(request.withDecryption())));
      } catch (ParameterRefused refused) {
        missing.add(name);
      }
    }
    return GetParametersResponse.builder().parameters(found).invalidParameters(missing).build();
  }

  private GetParametersByPathResponse byPath(
      CallContext context, GetParametersByPathRequest request) {
    boolean recursive = Boolean.TRUE.equals(request.recursive());
    boolean decrypted = Boolean.TRUE.equals(request.withDecryption());
    if (!request.path().startsWith("/")) {
      throw ParameterErrors.invalid("The parameter path must begin with a slash.");
    }
    Page<Parameter> page =
        page(
            Parameters.all(ledger.state(), context.realm())
                .filter(it -> ParameterListing.isBelow(it, request.path(), recursive))
                .filter(it -> ParameterListing.suits(it, request.parameterFilters())),
            it -> it.id().name(),
            request.maxResults(),
            request.nextToken(),
            PATH_PAGE_SIZE_MAX);
    return GetParametersByPathResponse.builder()
        .parameters(
            page.items().stream()
                .map(it -> shapes.of(new Found(it, it.newest(), ""), decrypted))
                .toList())
        .nextToken(page.nextToken().orElse(null))
        .build();
  }

  private DescribeParametersResponse describe(
      CallContext context, DescribeParametersRequest request) {
    Page<Parameter> page =
        page(
            Parameters.all(ledger.state(), context.realm())
                .filter(it -> ParameterListing.suits(it, request.parameterFilters()))
                .filter(it -> ParameterListing.suitsOlder(it, request.filters())),
            it -> it.id().name(),
            request.maxResults(),
            request.nextToken(),
            PAGE_SIZE_MAX);
    return DescribeParametersResponse.builder()
        .parameters(page.items().stream().map(ParameterShapes::metadata).toList())
        .nextToken(page.nextToken().orElse(null))
        .build();
  }

  private GetParameterHistoryResponse history(
      CallContext context, GetParameterHistoryRequest request) throws ParameterRefused {
    Parameter parameter = find(context, request.name()).parameter();
    boolean decrypted = Boolean.TRUE.equals(request.withDecryption());
    var page =
        page(
            parameter.versions().stream(),
            version -> "%09d".formatted(version.number()),
            request.maxResults(),
            request.nextToken(),
            PAGE_SIZE_MAX);
    return GetParameterHistoryResponse.builder()
        .parameters(
            page.items().stream()
                .map(version -> shapes.history(parameter, version, decrypted))
                .toList())
        .nextToken(page.nextToken().orElse(null))
        .build();
  }

  private DeleteParameterResponse delete(CallContext context, DeleteParameterRequest request)
      throws ParameterRefused {
    Parameter known = find(context, request.name()).parameter();
    var _ = commands.delete(context.realm(), List.of(known.id().name()));
    return DeleteParameterResponse.builder().build();
  }

  private DeleteParametersResponse deleteAll(CallContext context, DeleteParametersRequest request) {
    List<String> deleted = commands.delete(context.realm(), request.names());
    return DeleteParametersResponse.builder()
        .deletedParameters(deleted)
        .invalidParameters(
            request.names().stream().filter(name -> !deleted.contains(name)).toList())
        .build();
  }

  private AddTagsToResourceResponse tag(CallContext context, AddTagsToResourceRequest request) {
    String name = resource(request.resourceTypeAsString(), request.resourceId());
    resourceChange(() -> commands.tag(context.realm(), name, tags(request.tags())));
    return AddTagsToResourceResponse.builder().build();
  }

  private RemoveTagsFromResourceResponse untag(
      CallContext context, RemoveTagsFromResourceRequest request) {
    String name = resource(request.resourceTypeAsString(), request.resourceId());
    resourceChange(() -> commands.untag(context.realm(), name, request.tagKeys()));
    return RemoveTagsFromResourceResponse.builder().build();
  }

  private ListTagsForResourceResponse tags(
      CallContext context, ListTagsForResourceRequest request) {
    String name = resource(request.resourceTypeAsString(), request.resourceId());
    try {
      return ListTagsForResourceResponse.builder()
          .tagList(ParameterShapes.tags(find(context, name).parameter().tags()))
          .build();
    } catch (ParameterRefused refused) {
      throw noResource(refused);
    }
  }

  private interface ResourceChange {
    void run() throws ParameterRefused;
  }

  private static void resourceChange(ResourceChange change) {
    try {
      change.run();
    } catch (ParameterRefused refused) {
      throw refused.why() == ParameterRefused.Why.NOT_FOUND
          ? noResource(refused)
          : ParameterErrors.of(refused);
    }
  }

  private static RuntimeException noResource(ParameterRefused refused) {
    return InvalidResourceIdException.builder().message(refused.text()).build();
  }

  private static String resource(String type, String id) {
    if (!type.equals("Parameter")) {
      throw InvalidResourceTypeException.builder()
          .message("Berth has no resource of the type " + type + ", only Parameter.")
          .build();
    }
    return id;
  }

  private Found find(CallContext context, String reference) throws ParameterRefused {
    return Parameters.find(ledger.state(), context.realm(), reference);
  }

  private static Map<String, String> tags(List<Tag> tags) {
    try {
      return Tags.byKey(
          tags.stream()
              .map(
                  tag ->
                      new Tags.Tag(
                          Optional.ofNullable(tag.key()).orElse(""),
                          Optional.ofNullable(tag.value()).orElse("")))
              .toList());
    } catch (Refused refused) {
      throw ParameterErrors.invalid(refused.refusal().message());
    }
  }

  private static <T> Page<T> page(
      Stream<T> all,
      Function<T, String> sortKey,
      @Nullable Integer sizeMax,
      @Nullable String token,
      int sizeLimit) {
    try {
      return Page.of(
          all,
          sortKey,
          Page.Request.of(
              sizeMax == null ? OptionalInt.empty() : OptionalInt.of(sizeMax),
              Optional.ofNullable(token).filter(text -> !text.isEmpty())),
          sizeLimit);
    } catch (Refused refused) {
      throw token == null
          ? ParameterErrors.invalid(refused.refusal().message())
          : InvalidNextTokenException.builder().message(refused.refusal().message()).build();
    }
  }
}
