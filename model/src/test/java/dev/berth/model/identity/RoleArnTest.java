package dev.berth.model.identity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoleArnTest {
  private static final AccountId ACCOUNT = new AccountId("123456789012");

  @Test
  void itsPartsAreKnown() {
    var role = new RoleArn("arn:aws-cn:iam::123456789012:role/team/deep/web-1");

    assertThat(role.partition()).isEqualTo("aws-cn");
    assertThat(role.account()).isEqualTo("123456789012");
    assertThat(role.name()).isEqualTo("web-1");
  }

  @Test
  void aShortNameIsOfTheOwnAccount() {
    assertThat(RoleArn.named("ecsTaskRole", ACCOUNT))
        .contains(new RoleArn("arn:aws:iam::123456789012:role/ecsTaskRole"));
    assertThat(RoleArn.named("arn:aws:iam::210987654321:role/x", ACCOUNT))
        .contains(new RoleArn("arn:aws:iam::210987654321:role/x"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "arn:aws:iam::123456789012:user/me",
        "arn:aws:iam:eu-west-1:123456789012:role/x",
        "arn:aws:iam::12:role/x",
        "arn:aws:iam::123456789012:role/",
        "arn:aws:iam::123456789012:role/a b",
        "two words",
        "path/name",
        ""
      })
  void whatIsNoRoleIsNone(String text) {
    assertThat(RoleArn.named(text, ACCOUNT)).isEmpty();
    assertThat(RoleArn.isNamed(text)).isFalse();
  }

  @Test
  void aRolesIdIsAlwaysTheSameAndItsOwn() {
    var role = new RoleArn("arn:aws:iam::123456789012:role/x");

    assertThat(role.roleId()).matches("AROA[A-Z2-7]{17}").isEqualTo(role.roleId());
    assertThat(new RoleArn("arn:aws:iam::123456789012:role/y").roleId())
        .isNotEqualTo(role.roleId());
  }
}
