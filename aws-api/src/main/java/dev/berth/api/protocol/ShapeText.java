package dev.berth.api.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import software.amazon.awssdk.core.SdkPojo;

/** Shapes as JSON text, as they are on the wire: how a declaration is kept word for word. */
public final class ShapeText {
  private static final JsonProtocol JSON = new JsonProtocol("1.1", false);

  private ShapeText() {}

  /** The members that are set. */
  public static String of(SdkPojo shape) {
    return new String(JSON.encode("", shape, "").body(), UTF_8);
  }

  /**
   * Fills a builder; members that the shape does not have are skipped.
   *
   * @throws MalformedRequest if the text is not of the builder's shape
   */
  public static <B extends SdkPojo> B fill(String json, B builder) {
    JSON.decode(new WireRequest("", json.getBytes(UTF_8)), builder);
    return builder;
  }
}
