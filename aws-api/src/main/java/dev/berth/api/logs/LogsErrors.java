package dev.berth.api.logs;

import dev.berth.logs.Changed;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudwatchlogs.model.InvalidParameterException;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceNotFoundException;

/** CloudWatch Logs' errors, in its words. */
final class LogsErrors {
  private LogsErrors() {}

  static AwsServiceException invalid(String message) {
    return InvalidParameterException.builder().message(message).build();
  }

  static AwsServiceException noGroup() {
    return ResourceNotFoundException.builder()
        .message("The specified log group does not exist.")
        .build();
  }

  static AwsServiceException noStream() {
    return ResourceNotFoundException.builder()
        .message("The specified log stream does not exist.")
        .build();
  }

  /** Throws where something is missing. */
  static void require(Changed changed) {
    switch (changed) {
      case NO_GROUP -> throw noGroup();
      case NO_STREAM -> throw noStream();
      case DONE, EXISTS -> {}
    }
  }
}
