package dev.berth.model.signature;

import dev.berth.model.identity.RoleArn;

/** Who calls. */
public sealed interface Principal {
  /** Twelve digits. */
  String accountId();

  /** As STS names it, such as {@code arn:aws:iam::123456789012:root}. */
  String arn();

  /** The principal's unique id. */
  String userId();

  /** The account itself, which may do everything in it. */
  record Root(String accountId) implements Principal {
    @Override
    public String arn() {
      return "arn:aws:iam::" + accountId + ":root";
    }

    /** The account's own, as AWS answers for a root user. */
    @Override
    public String userId() {
      return accountId;
    }
  }

  /**
   * Somebody who has taken a role.
   *
   * @param sessionName a task's id, where the role is a task's
   */
  record RoleSession(RoleArn role, String sessionName) implements Principal {
    @Override
    public String accountId() {
      return role.account();
    }

    /** With the role's name alone: a session's ARN has no path, as on AWS. */
    @Override
    public String arn() {
      return "arn:%s:sts::%s:assumed-role/%s/%s"
          .formatted(role.partition(), role.account(), role.name(), sessionName);
    }

    @Override
    public String userId() {
      return role.roleId() + ":" + sessionName;
    }
  }
}
