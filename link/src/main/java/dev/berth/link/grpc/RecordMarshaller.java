package dev.berth.link.grpc;

import dev.berth.link.format.RecordFormat;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * Writes messages as JSON. Refuses those over {@link LinkProtocol#MESSAGE_BYTES_MAX} on both sides,
 * since the transport inside one process has no limit of its own; gRPC then ends the call.
 */
final class RecordMarshaller<T> implements MethodDescriptor.Marshaller<T> {
  private final Class<T> type;

  RecordMarshaller(Class<T> type) {
    this.type = type;
  }

  @Override
  public InputStream stream(T message) {
    byte[] bytes = RecordFormat.write(message);
    if (bytes.length > LinkProtocol.MESSAGE_BYTES_MAX) {
      throw tooLarge();
    }
    return new ByteArrayInputStream(bytes);
  }

  @Override
  public T parse(InputStream stream) {
    try {
      byte[] bytes = stream.readNBytes(LinkProtocol.MESSAGE_BYTES_MAX + 1);
      if (bytes.length > LinkProtocol.MESSAGE_BYTES_MAX) {
        throw tooLarge();
      }
      return RecordFormat.read(bytes, type);
    } catch (IOException | UncheckedIOException failure) {
      throw Status.INVALID_ARGUMENT
          .withDescription("not a " + type.getSimpleName())
          .withCause(failure)
          .asRuntimeException();
    }
  }

  private RuntimeException tooLarge() {
    return Status.RESOURCE_EXHAUSTED
        .withDescription(
            "a "
                + type.getSimpleName()
                + " is larger than "
                + LinkProtocol.MESSAGE_BYTES_MAX
                + " bytes")
        .asRuntimeException();
  }
}
