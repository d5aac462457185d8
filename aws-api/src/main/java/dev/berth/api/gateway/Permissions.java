package dev.berth.api.gateway;

import dev.berth.model.signature.Principal;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a principal may do.
 *
 * <p>Pure. Roles have no policies of their own yet. Until then a session of any role may ask who it
 * is, read what ECS shows, and protect tasks, which a task does itself.
 */
final class Permissions {
  private static final Pattern ECS_READING = Pattern.compile("(Describe|List)[A-Z][A-Za-z]*");
  private static final Set<String> ECS_PROTECTION =
      Set.of("GetTaskProtection", "UpdateTaskProtection");

  private Permissions() {}

  /**
   * Whether the principal may call an operation of an AWS service.
   *
   * @param service its signing name
   */
  static boolean allow(Principal principal, String service, String operation) {
    return switch (principal) {
      case Principal.Root _ -> true;
      case Principal.RoleSession _ ->
          switch (service) {
            // Nobody can be kept from it, on AWS either.
            case "sts" -> operation.equals("GetCallerIdentity");
            case "ecs" ->
                ECS_READING.matcher(operation).matches() || ECS_PROTECTION.contains(operation);
            default -> false;
          };
    };
  }

  /** Whether the principal may call what is Berth's own: an operator's work. */
  static boolean allowOwn(Principal principal) {
    return switch (principal) {
      case Principal.Root _ -> true;
      case Principal.RoleSession _ -> false;
    };
  }

  /** AWS's words for a call that no policy allows. */
  static String refusal(Principal principal, String action, String resource) {
    return "User: %s is not authorized to perform: %s on resource: %s because no identity-based policy allows the %s action"
        .formatted(principal.arn(), action, resource, action);
  }
}
