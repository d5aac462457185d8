package dev.berth.api.logs;

import dev.berth.api.gateway.CallContext;
import dev.berth.logs.GroupId;
import dev.berth.logs.StreamId;
import dev.berth.model.identity.Arn;
import dev.berth.model.identity.Realm;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Names and ARNs of groups and streams. */
final class LogNames {
  private static final String GROUP_RESOURCE = "log-group:";
  private static final String WILDCARD_END = ":*";

  private LogNames() {}

  static GroupId group(CallContext context, String name) {
    return new GroupId(context.realm(), name);
  }

  /** The group that one of the two members names. */
  static GroupId group(CallContext context, @Nullable String name, @Nullable String identifier) {
    if (name != null && identifier != null) {
      throw LogsErrors.invalid("LogGroup name and LogGroup ARN are mutually exclusive parameters.");
    }
    if (name != null) {
      return group(context, name);
    }
    if (identifier == null) {
      throw LogsErrors.invalid("logGroupName or logGroupIdentifier must be specified.");
    }
    return identifier.startsWith("arn:") ? ofArn(context, identifier) : group(context, identifier);
  }

  /** The group of this account and region that an ARN names; another's is not found. */
  static GroupId ofArn(CallContext context, String text) {
    Optional<Arn> arn = Arn.parse(text);
    String resource = arn.map(Arn::resource).orElse("");
    if (arn.isEmpty() || !resource.startsWith(GROUP_RESOURCE)) {
      throw LogsErrors.invalid("'" + text + "' is not the ARN of a log group.");
    }
    String name = resource.substring(GROUP_RESOURCE.length());
    if (name.endsWith(WILDCARD_END)) {
      name = name.substring(0, name.length() - WILDCARD_END.length());
    }
    GroupId group = group(context, name);
    if (!text.startsWith(arn(group))) {
      throw LogsErrors.noGroup();
    }
    return group;
  }

  static String arn(GroupId group) {
    Realm realm = group.realm();
    return "arn:aws:logs:%s:%s:%s%s"
        .formatted(realm.region().value(), realm.account().value(), GROUP_RESOURCE, group.name());
  }

  static String arn(StreamId stream) {
    return arn(stream.group()) + ":log-stream:" + stream.name();
  }
}
