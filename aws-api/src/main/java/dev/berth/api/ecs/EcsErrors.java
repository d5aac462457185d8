package dev.berth.api.ecs;

import dev.berth.control.command.Refusal;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.ClusterContainsTasksException;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.ConflictException;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.PlatformTaskDefinitionIncompatibilityException;
import software.amazon.awssdk.services.ecs.model.PlatformUnknownException;
import software.amazon.awssdk.services.ecs.model.ResourceNotFoundException;

/** Which of ECS's errors each refusal is. */
final class EcsErrors {
  private EcsErrors() {}

  static AwsServiceException of(Refusal refusal) {
    AwsServiceException.Builder error =
        switch (refusal) {
          case Refusal.ClusterNotFound _, Refusal.ClusterInactive _ ->
              ClusterNotFoundException.builder();
          case Refusal.ClusterContainsTasks _ -> ClusterContainsTasksException.builder();
          case Refusal.InvalidParameter _ -> InvalidParameterException.builder();
          case Refusal.NotPossible _ -> ClientException.builder();
          case Refusal.ResourceNotFound _ -> ResourceNotFoundException.builder();
          case Refusal.Conflict _ -> ConflictException.builder();
          case Refusal.PlatformUnknown _ -> PlatformUnknownException.builder();
          case Refusal.PlatformIncompatible _ ->
              PlatformTaskDefinitionIncompatibilityException.builder();
        };
    return error.message(refusal.message()).build();
  }
}
