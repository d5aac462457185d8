package dev.berth.link.grpc;

import dev.berth.link.message.ToAgent;
import dev.berth.link.message.ToControl;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;

/** What both ends of a link must agree on. */
final class LinkProtocol {
  static final String SERVICE = "berth.Link";

  /** An agent's call; it lasts as long as the connection. */
  static final MethodDescriptor<ToControl, ToAgent> CONNECT =
      MethodDescriptor.<ToControl, ToAgent>newBuilder()
          .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
          .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, "Connect"))
          .setRequestMarshaller(new RecordMarshaller<>(ToControl.class))
          .setResponseMarshaller(new RecordMarshaller<>(ToAgent.class))
          .build();

  /** Carries {@code Bearer} and the token. */
  static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  /**
   * Room for a {@link ToAgent.Sync} of some thousand tasks, and for the largest {@link
   * ToControl.Output} with every byte escaped.
   */
  static final int MESSAGE_BYTES_MAX = 16 << 20;

  private LinkProtocol() {}

  static String authorization(String token) {
    return "Bearer " + token;
  }
}
