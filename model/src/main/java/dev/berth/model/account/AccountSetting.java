package dev.berth.model.account;

import dev.berth.model.identity.Realm;

/**
 * One of ECS's account settings, as it was chosen.
 *
 * @param value one of those that the setting takes
 */
public record AccountSetting(Id id, String value) {

  /**
   * Whose setting it is.
   *
   * @param principalArn the account's root for what holds for everyone who chose nothing
   * @param name as ECS calls it, such as {@code containerInsights}
   */
  public record Id(Realm realm, String principalArn, String name) {}

  /** The ARN that stands for the whole account. */
  public static String rootArn(Realm realm) {
    return "arn:aws:iam::" + realm.account() + ":root";
  }
}
