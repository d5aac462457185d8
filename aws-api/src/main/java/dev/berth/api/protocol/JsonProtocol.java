package dev.berth.api.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import software.amazon.awssdk.core.SdkPojo;

/** AWS JSON 1.0 and 1.1. */
public final class JsonProtocol implements WireProtocol {
  /** No shape nests deeper than a dozen. */
  private static final int DEPTH_MAX = 64;

  /** The digits of a number; a long has nineteen. */
  private static final int NUMBER_LENGTH_MAX = 100;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEPTH_MAX)
                  .maxNumberLength(NUMBER_LENGTH_MAX)
                  .maxStringLength(Integer.MAX_VALUE) // The gateway bounds the whole body.
                  .build())
          .enable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
          .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
          .build();

  private final String contentType;
  private final boolean queryCompatible;

  /**
   * One version of the protocol.
   *
   * @param version {@code 1.0} or {@code 1.1}, echoed in the answers' content type
   * @param queryCompatible whether errors also carry their code of the older query protocol
   */
  public JsonProtocol(String version, boolean queryCompatible) {
    this.contentType = "application/x-amz-json-" + version;
    this.queryCompatible = queryCompatible;
  }

  @Override
  public void decode(WireRequest request, SdkPojo builder) {
    if (request.body().length == 0) {
      return; // Some clients send nothing for an operation without input.
    }
    try (JsonParser parser = FACTORY.createParser(request.body())) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new MalformedRequest("the request's body is not a JSON object");
      }
      new JsonReader(parser).members(builder);
      if (parser.nextToken() != null) {
        throw new MalformedRequest("the request's body goes on after its JSON object");
      }
    } catch (JsonProcessingException e) {
      throw new MalformedRequest("the request's body is not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory failed", e);
    }
  }

  @Override
  public WireAnswer encode(String operation, SdkPojo output, String requestId) {
    return answer(200, Map.of(), generator -> new JsonWriter(generator).members(output), requestId);
  }

  @Override
  public WireAnswer encode(WireError error, String requestId) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("x-amzn-ErrorType", error.code());
    if (queryCompatible) {
      headers.put(
          "x-amzn-query-error",
          error.code() + ";" + (error.isSenderFault() ? "Sender" : "Receiver"));
    }
    return answer(
        error.status(),
        headers,
        generator -> {
          generator.writeStringField("__type", error.code());
          generator.writeStringField("message", error.message());
          new JsonWriter(generator).members(error.details());
        },
        requestId);
  }

  private WireAnswer answer(
      int status, Map<String, String> headers, ObjectBody body, String requestId) {
    var bytes = new ByteArrayOutputStream(1024);
    try (JsonGenerator generator = FACTORY.createGenerator(bytes)) {
      generator.writeStartObject();
      body.writeTo(generator);
      generator.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put("x-amzn-RequestId", requestId);
    return new WireAnswer(status, contentType, Map.copyOf(all), bytes.toByteArray());
  }

  @FunctionalInterface
  private interface ObjectBody {
    void writeTo(JsonGenerator generator) throws IOException;
  }
}
