package dev.berth.agent.metadata;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.berth.agent.network.LinkLocalService;
import java.io.IOException;

/** Everything that a task may ask at 169.254.170.2, by its path. */
public final class TaskEndpoints implements LinkLocalService {
  private static final int NOT_ALLOWED = 405;

  private final TaskMetadata metadata;
  private final CredentialsEndpoint credentials;
  private final ProtectionEndpoint protection;

  public TaskEndpoints(
      TaskMetadata metadata, CredentialsEndpoint credentials, ProtectionEndpoint protection) {
    this.metadata = metadata;
    this.credentials = credentials;
    this.protection = protection;
  }

  @Override
  public Answer answer(Caller caller, Question question) throws IOException, InterruptedException {
    boolean ofProtection = ProtectionEndpoint.isPath(question.path());
    if (!question.method().equals("GET") && !(ofProtection && question.method().equals("PUT"))) {
      return new Answer(
          NOT_ALLOWED, JsonNodeFactory.instance.textNode("not a method of this path").toString());
    }
    if (ofProtection) {
      return protection.answer(caller.task(), question);
    }
    return CredentialsEndpoint.isPath(question.path())
        ? credentials.answer(caller.task(), question.path())
        : metadata.answer(caller, question.path());
  }
}
