package dev.berth.agent.image.registry;

/** Who pulls. */
public sealed interface RegistryCredentials {
  RegistryCredentials ANONYMOUS = new Anonymous();

  /** Nobody in particular. */
  record Anonymous() implements RegistryCredentials {}

  /**
   * A user name and a password or token, as ECS's repositoryCredentials and ECR's
   * GetAuthorizationToken give.
   */
  record Password(String username, String password) implements RegistryCredentials {
    /** Keeps the password out of logs. */
    @Override
    public String toString() {
      return "Password[username=" + username + "]";
    }
  }
}
