package dev.berth.api.secretsmanager;

import dev.berth.control.secret.SecretRefused;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.secretsmanager.model.InvalidParameterException;
import software.amazon.awssdk.services.secretsmanager.model.InvalidRequestException;
import software.amazon.awssdk.services.secretsmanager.model.LimitExceededException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceExistsException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

/** Which of Secrets Manager's errors each refusal is. */
final class SecretErrors {
  private SecretErrors() {}

  static AwsServiceException of(SecretRefused refused) {
    AwsServiceException.Builder error =
        switch (refused.why()) {
          case NOT_FOUND -> ResourceNotFoundException.builder();
          case EXISTS -> ResourceExistsException.builder();
          case INVALID_PARAMETER -> InvalidParameterException.builder();
          case INVALID_REQUEST -> InvalidRequestException.builder();
          case LIMIT_EXCEEDED -> LimitExceededException.builder();
        };
    return error.message(refused.text()).build();
  }

  static AwsServiceException invalid(String message) {
    return InvalidParameterException.builder().message(message).build();
  }
}
