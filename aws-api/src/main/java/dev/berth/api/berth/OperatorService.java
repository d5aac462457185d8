package dev.berth.api.berth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.api.gateway.ApiException;
import dev.berth.api.gateway.CallContext;
import dev.berth.api.gateway.JsonService;
import dev.berth.control.command.AccountCommands;
import dev.berth.control.command.Refused;
import dev.berth.control.declaration.Unbuilt;
import dev.berth.control.event.TaskStateChanges;
import dev.berth.control.hosts.HostDirectory;
import dev.berth.control.query.NetworkQueries;
import dev.berth.control.state.Kind;
import dev.berth.control.state.Ledger;
import dev.berth.control.state.NetworkKind;
import dev.berth.control.state.State;
import dev.berth.logs.LogStore;
import dev.berth.model.host.Capacity;
import dev.berth.model.host.Host;
import dev.berth.model.identity.AccountId;
import dev.berth.model.network.Subnet;
import dev.berth.model.task.LaunchTiming;
import dev.berth.model.task.Task;
import dev.berth.model.task.TaskReport;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Berth's own operations but for output, which {@link TaskOutputReader} reads. */
public final class OperatorService {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Ledger ledger;
  private final AccountCommands accounts;
  private final HostDirectory hosts;
  private final NetworkQueries networks;
  private final Optional<Images> images;
  private final String version;
  private final TaskOutputReader output;
  private final TaskEventReader events;
  private final TaskDefinitionCheck definitions;
  private final Instant startedAt = Instant.now();

  public OperatorService(
      Ledger ledger,
      AccountCommands accounts,
      HostDirectory hosts,
      TaskStateChanges changes,
      NetworkQueries networks,
      LogStore logs,
      Optional<Images> images,
      Unbuilt.EnvironmentFiles environmentFiles,
      String version) {
    this.ledger = ledger;
    this.accounts = accounts;
    this.hosts = hosts;
    this.networks = networks;
    this.images = images;
    this.version = version;
    this.definitions = new TaskDefinitionCheck(environmentFiles);
    this.events = new TaskEventReader(changes);
    this.output = new TaskOutputReader(ledger, hosts, logs);
  }

  /** The service, ready to be served. */
  public JsonService service() {
    return new JsonService(
        "berth",
        "Berth_20261123",
        Map.of(
            "Status", (_, _) -> status(),
            "DescribeTaskTimings", this::timings,
            "ReadTaskOutput", output::read,
            "ReadTaskEvents", events::read,
            "CheckTaskDefinition", (_, request) -> definitions.check(request),
            "ListDefaultSubnets", (context, _) -> defaultSubnets(context),
            "CreateAccount", (_, request) -> createAccount(request),
            "ListImages", (_, _) -> listImages()));
  }

  private JsonNode status() {
    State state = ledger.state();
    ObjectNode answer = JSON.createObjectNode();
    answer.put("version", version).put("startedAt", startedAt.toString());
    var list = answer.putArray("hosts");
    state.all(Kind.HOST).stream()
        .sorted(Comparator.comparing(Host::id))
        .forEach(host -> list.add(host(state, host)));
    var counts = new TreeMap<String, Integer>();
    var waiting = answer.putArray("waiting");
    for (Task task : state.all(Kind.TASK)) {
      counts.merge(task.state().lastStatus(), 1, Integer::sum);
      task.waitingBecause()
          .ifPresent(
              why -> waiting.addObject().put("task", task.arn().toString()).put("reason", why));
    }
    var tasks = answer.putObject("tasks");
    counts.forEach(tasks::put);
    return answer;
  }

  private ObjectNode host(State state, Host host) {
    ObjectNode node = JSON.createObjectNode();
    node.put("id", host.id().value())
        .put("zone", host.facts().zone())
        .put("state", hostState(host))
        .put("architecture", host.facts().architecture())
        .put("taskCount", state.tasksOn(host.id()).size());
    node.set("capacity", capacity(host.facts().capacity()));
    node.set("used", capacity(state.used(host.id())));
    var attributes = node.putObject("attributes");
    new TreeMap<>(host.facts().attributes()).forEach(attributes::put);
    return node;
  }

  private String hostState(Host host) {
    if (host.lost()) {
      return "LOST";
    }
    return hosts.silence(host.id()).equals(Duration.ZERO) ? "CONNECTED" : "SILENT";
  }

  private static ObjectNode capacity(Capacity capacity) {
    return JSON.createObjectNode()
        .put("cpuUnits", capacity.cpuUnits())
        .put("memoryMib", capacity.memoryMib());
  }

  private JsonNode timings(CallContext context, JsonNode request) {
    Task task = TaskOutputReader.task(ledger.state(), context, request);
    ObjectNode answer = JSON.createObjectNode().put("task", task.arn().toString());
    var list = answer.putArray("timings");
    List<LaunchTiming> reported = task.report().map(TaskReport::timings).orElse(List.of());
    Stream.concat(
            task.timings().stream(),
            // Control knows how long the delivery took; the host, only when it was over.
            reported.stream().filter(each -> each.phase() != LaunchTiming.Phase.DELIVER))
        .sorted(Comparator.comparing(LaunchTiming::phase))
        .forEach(
            timing ->
                list.addObject()
                    .put("phase", timing.phase().name())
                    .put("startEpochMicros", timing.startEpochMicros())
                    .put("durationMicros", timing.durationMicros()));
    return answer;
  }

  /**
   * What a task runs in when nobody says where; the region is the one that the caller signs for.
   */
  private JsonNode defaultSubnets(CallContext context) {
    ObjectNode answer = JSON.createObjectNode();
    var list = answer.putArray("subnets");
    networks
        .of(context.realm())
        .all(NetworkKind.SUBNET)
        .filter(Subnet::defaultForZone)
        .sorted(Comparator.comparing(Subnet::zone))
        .forEach(subnet -> list.add(subnet.id().value()));
    return answer;
  }

  private JsonNode createAccount(JsonNode request) {
    try {
      Optional<AccountId> wanted =
          Optional.ofNullable(request.get("account")).map(JsonNode::asText).map(AccountId::new);
      var key = accounts.create(wanted);
      return JSON.createObjectNode()
          .put("account", key.account().value())
          .put("accessKeyId", key.accessKeyId())
          .put("secretAccessKey", key.secretAccessKey());
    } catch (IllegalArgumentException | Refused refused) {
      throw new ApiException("InvalidParameterException", String.valueOf(refused.getMessage()));
    }
  }

  private JsonNode listImages() {
    ObjectNode answer = JSON.createObjectNode();
    var list = answer.putArray("images");
    images
        .map(Images::list)
        .orElse(List.of())
        .forEach(
            image ->
                list.addObject().put("reference", image.reference()).put("digest", image.digest()));
    return answer;
  }
}
