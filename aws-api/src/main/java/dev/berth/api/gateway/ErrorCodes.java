package dev.berth.api.gateway;

import dev.berth.api.protocol.Ec2Protocol;
import dev.berth.api.protocol.JsonProtocol;
import dev.berth.api.protocol.MalformedRequest;
import dev.berth.api.protocol.QueryProtocol;
import dev.berth.api.protocol.WireError;
import dev.berth.api.protocol.WireProtocol;
import dev.berth.api.shape.ServiceModel;
import dev.berth.model.signature.Verification.Refused;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/**
 * What each failure is called on the wire.
 *
 * <p>Pure. AWS's JSON and query services have different words for the same things; the codes are
 * those of the common errors in the services' API references, and what their clients report.
 */
final class ErrorCodes {
  /** How the check of constraints speaks of a member that is not there. */
  private static final Pattern NULL_MEMBER = Pattern.compile("^Value null at '([^']+)'");

  private ErrorCodes() {}

  /** A signature that does not hold. */
  static WireError of(WireProtocol protocol, Refused refused) {
    String message = refused.message();
    return switch (protocol) {
      case JsonProtocol _ ->
          switch (refused.reason()) {
            case MISSING -> new WireError("MissingAuthenticationTokenException", 400, message);
            case INCOMPLETE -> new WireError("IncompleteSignatureException", 400, message);
            case UNKNOWN_KEY -> new WireError("UnrecognizedClientException", 400, message);
            case EXPIRED_TOKEN -> new WireError("ExpiredTokenException", 400, message);
            case MISMATCH, WRONG_SCOPE, SKEWED, EXPIRED ->
                new WireError("InvalidSignatureException", 400, message);
          };
      case QueryProtocol _ ->
          switch (refused.reason()) {
            case MISSING -> new WireError("MissingAuthenticationToken", 403, message);
            case INCOMPLETE -> new WireError("IncompleteSignature", 400, message);
            case UNKNOWN_KEY -> new WireError("InvalidClientTokenId", 403, message);
            case EXPIRED_TOKEN -> new WireError("ExpiredToken", 403, message);
            case MISMATCH, WRONG_SCOPE, SKEWED ->
                new WireError("SignatureDoesNotMatch", 403, message);
            case EXPIRED -> new WireError("RequestExpired", 400, message);
          };
      case Ec2Protocol _ ->
          switch (refused.reason()) {
            case MISSING -> new WireError("MissingAuthenticationToken", 403, message);
            case INCOMPLETE -> new WireError("IncompleteSignature", 400, message);
            case UNKNOWN_KEY ->
                new WireError(
                    "AuthFailure",
                    401,
                    "AWS was not able to validate the provided access credentials");
            case EXPIRED_TOKEN -> new WireError("RequestExpired", 400, "Request has expired.");
            case MISMATCH, WRONG_SCOPE, SKEWED ->
                new WireError("SignatureDoesNotMatch", 403, message);
            case EXPIRED -> new WireError("RequestExpired", 400, message);
          };
    };
  }

  /** A request that is not of the operation's shape. */
  static WireError of(WireProtocol protocol, MalformedRequest malformed) {
    String code =
        switch (protocol) {
          case JsonProtocol _ -> "SerializationException";
          case QueryProtocol _ -> "MalformedInput";
          case Ec2Protocol _ -> "InvalidParameterValue";
        };
    return new WireError(code, 400, String.valueOf(malformed.getMessage()));
  }

  /** A principal that may not do what it asks for. */
  static WireError denied(WireProtocol protocol, String message) {
    return switch (protocol) {
      case JsonProtocol _ -> new WireError("AccessDeniedException", 400, message);
      case QueryProtocol _ -> new WireError("AccessDenied", 403, message);
      case Ec2Protocol _ ->
          new WireError(
              "UnauthorizedOperation",
              403,
              "You are not authorized to perform this operation. " + message);
    };
  }

  /** An operation that AWS has and Berth has not. */
  static WireError notOffered(WireProtocol protocol, ServiceModel model, String operation) {
    String code =
        switch (protocol) {
          case JsonProtocol _ -> "UnsupportedOperationException";
          case QueryProtocol _, Ec2Protocol _ -> "UnsupportedOperation";
        };
    return new WireError(
        code, 400, "Berth does not offer %s of %s yet.".formatted(operation, model.signingName()));
  }

  /** An operation that nobody has. */
  static WireError unknown(WireProtocol protocol, String operation, String version) {
    return switch (protocol) {
      case JsonProtocol _ ->
          new WireError(
              "UnknownOperationException", 400, "There is no operation " + operation + ".");
      case QueryProtocol _ ->
          new WireError(
              "InvalidAction",
              400,
              "Could not find operation %s for version %s".formatted(operation, version));
      case Ec2Protocol _ ->
          new WireError(
              "InvalidAction",
              400,
              "The action %s is not valid for this web service.".formatted(operation));
    };
  }

  /**
   * An input that breaks its model's constraints.
   *
   * <p>The model does not say which of an operation's errors that is. By what is known of ECS, ECR
   * and CloudWatch Logs it is InvalidParameterException where the operation has that, and else
   * AWS's general one: a guess for the other services.
   */
  static WireError invalid(
      WireProtocol protocol, ServiceModel model, String operation, List<String> violations) {
    if (protocol instanceof Ec2Protocol) {
      return invalidForEc2(violations);
    }
    Set<String> modelled =
        Optional.ofNullable(model.operations().get(operation))
            .map(ServiceModel.OperationModel::errors)
            .orElse(Set.of());
    String general =
        switch (protocol) {
          case JsonProtocol _ -> "ValidationException";
          case QueryProtocol _, Ec2Protocol _ -> "ValidationError";
        };
    String code =
        Stream.of("ValidationException", "InvalidParameterException")
            .filter(modelled::contains)
            .findFirst()
            .orElse(general);
    String noun = violations.size() == 1 ? "error" : "errors";
    return new WireError(
        code,
        400,
        "%d validation %s detected: %s"
            .formatted(violations.size(), noun, String.join("; ", violations)));
  }

  /** EC2 speaks of one parameter at a time, and in other words than AWS's framework. */
  private static WireError invalidForEc2(List<String> violations) {
    String first = violations.getFirst();
    var missing = NULL_MEMBER.matcher(first);
    return missing.find()
        ? new WireError(
            "MissingParameter",
            400,
            "The request must contain the parameter " + missing.group(1) + ".")
        : new WireError("InvalidParameterValue", 400, first + ".");
  }

  /** An exception of the SDK that the service's model has; empty for any other, which is a bug. */
  static Optional<WireError> of(ServiceModel model, AwsServiceException exception) {
    Class<?> type = exception.getClass();
    if (!type.getPackageName().equals(model.sdkPackage())) {
      return Optional.empty(); // Another service's: what a client of ours ran into.
    }
    return Optional.ofNullable(model.errors().get(type.getSimpleName()))
        .map(
            error ->
                new WireError(
                    error.code(),
                    error.status(),
                    String.valueOf(exception.getMessage()),
                    exception));
  }

  /** A bug of ours, of which the client learns nothing. */
  static WireError internal(Set<String> modelledErrors) {
    String code =
        modelledErrors.contains("ServerException") ? "ServerException" : "InternalFailure";
    return new WireError(code, 500, "The request failed because of an error in the server.");
  }
}
