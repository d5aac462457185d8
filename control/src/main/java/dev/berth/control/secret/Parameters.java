package dev.berth.control.secret;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.berth.control.secret.ParameterRefused.Why;
import dev.berth.control.state.Kind;
import dev.berth.control.state.State;
import dev.berth.model.identity.Arn;
import dev.berth.model.identity.Realm;
import dev.berth.model.secret.Parameter;
import dev.berth.model.secret.ParameterId;
import dev.berth.model.secret.ParameterType;
import dev.berth.model.secret.ParameterVersion;
import dev.berth.model.secret.Sealed;
import java.util.Optional;
import java.util.stream.Stream;

/** Looks parameters up, and opens them. */
public final class Parameters {
  private static final String ARN_RESOURCE = "parameter/";
  private static final int VERSION_LENGTH_MAX = 9;

  private final Vault vault;

  public Parameters(Vault vault) {
    this.vault = vault;
  }

  /**
   * A parameter as a reference means it.
   *
   * @param selector what the reference said of the version, with its colon; else empty
   */
  public record Found(Parameter parameter, ParameterVersion version, String selector) {}

  /** The parameter of a name or an ARN, of which either may end in {@code :version}. */
  public static Found find(State state, Realm realm, String reference) throws ParameterRefused {
    Optional<Parameter> plain = named(state, realm, reference);
    if (plain.isPresent()) {
      return new Found(plain.get(), plain.get().newest(), "");
    }
    int colon = reference.lastIndexOf(':');
    Optional<Parameter> parameter =
        colon < 0 ? Optional.empty() : named(state, realm, reference.substring(0, colon));
    if (parameter.isEmpty()) {
      throw notFound(reference);
    }
    String selector = reference.substring(colon);
    String number = selector.substring(1);
    Optional<ParameterVersion> version =
        number.matches("[0-9]{1," + VERSION_LENGTH_MAX + "}")
            ? parameter.get().version(Integer.parseInt(number))
            : Optional.empty();
    return new Found(
        parameter.get(),
        version.orElseThrow(
            () ->
                new ParameterRefused(
                    Why.VERSION_NOT_FOUND,
                    "Systems Manager could not find version "
                        + number
                        + " of "
                        + parameter.get().id().name()
                        + ". Verify the version and try again.")),
        selector);
  }

  static ParameterRefused notFound(String reference) {
    return new ParameterRefused(Why.NOT_FOUND, "Parameter " + reference + " not found.");
  }

  private static Optional<Parameter> named(State state, Realm realm, String reference) {
    Optional<Arn> arn = Arn.parse(reference);
    if (arn.isEmpty()) {
      return state.find(Kind.PARAMETER, new ParameterId(realm, reference));
    }
    if (!arn.get().isIn(realm)
        || !arn.get().service().equals("ssm")
        || !arn.get().resource().startsWith(ARN_RESOURCE)) {
      return Optional.empty();
    }
    // An ARN does not tell the word "a" from the path "/a".
    String name = arn.get().resource().substring(ARN_RESOURCE.length());
    return state
        .find(Kind.PARAMETER, new ParameterId(realm, "/" + name))
        .or(() -> state.find(Kind.PARAMETER, new ParameterId(realm, name)));
  }

  /** All of a realm, in no order. */
  public static Stream<Parameter> all(State state, Realm realm) {
    return state.all(Kind.PARAMETER).stream().filter(it -> it.id().realm().equals(realm));
  }

  /**
   * A value as it is shown.
   *
   * @param decrypted whether a SecureString is shown in clear; else as it is kept, sealed
   */
  public String shown(Parameter parameter, ParameterVersion version, boolean decrypted) {
    return parameter.type() == ParameterType.SECURE_STRING && !decrypted
        ? version.value().text()
        : open(parameter.id(), version);
  }

  String open(ParameterId id, ParameterVersion version) {
    return new String(vault.open(version.value(), about(id, version.number())), UTF_8);
  }

  Sealed seal(ParameterId id, int version, String value) {
    return vault.seal(value.getBytes(UTF_8), about(id, version));
  }

  private static String about(ParameterId id, int version) {
    return "parameter " + id + " version " + version;
  }
}
