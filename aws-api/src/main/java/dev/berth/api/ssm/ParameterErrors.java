package dev.berth.api.ssm;

import dev.berth.api.gateway.ApiException;
import dev.berth.control.secret.ParameterRefused;
import software.amazon.awssdk.services.ssm.model.HierarchyLevelLimitExceededException;
import software.amazon.awssdk.services.ssm.model.HierarchyTypeMismatchException;
import software.amazon.awssdk.services.ssm.model.InvalidAllowedPatternException;
import software.amazon.awssdk.services.ssm.model.ParameterAlreadyExistsException;
import software.amazon.awssdk.services.ssm.model.ParameterNotFoundException;
import software.amazon.awssdk.services.ssm.model.ParameterPatternMismatchException;
import software.amazon.awssdk.services.ssm.model.ParameterVersionNotFoundException;
import software.amazon.awssdk.services.ssm.model.TooManyTagsErrorException;

/** Which of Systems Manager's errors each refusal is. */
final class ParameterErrors {
  private ParameterErrors() {}

  static RuntimeException of(ParameterRefused refused) {
    String text = refused.text();
    return switch (refused.why()) {
      case NOT_FOUND -> ParameterNotFoundException.builder().message(text).build();
      case VERSION_NOT_FOUND -> ParameterVersionNotFoundException.builder().message(text).build();
      case EXISTS -> ParameterAlreadyExistsException.builder().message(text).build();
      case INVALID -> invalid(text);
      case TYPE_MISMATCH -> HierarchyTypeMismatchException.builder().message(text).build();
      case HIERARCHY_TOO_DEEP ->
          HierarchyLevelLimitExceededException.builder().message(text).build();
      case PATTERN_MISMATCH -> ParameterPatternMismatchException.builder().message(text).build();
      case INVALID_PATTERN -> InvalidAllowedPatternException.builder().message(text).build();
      case TOO_MANY_TAGS -> TooManyTagsErrorException.builder().message(text).build();
    };
  }

  /** The model has no error for it; AWS answers its general one. */
  static RuntimeException invalid(String message) {
    return new ApiException("ValidationException", message);
  }
}
