package dev.berth.api.protocol;

import java.util.Map;
import software.amazon.awssdk.core.SdkPojo;

/**
 * EC2's dialect of AWS Query: lists are flattened and named in the singular ({@code
 * Filter.1.Value.1}), and the envelopes are others.
 */
public final class Ec2Protocol implements WireProtocol {
  private static final String CONTENT_TYPE = "text/xml;charset=UTF-8";

  private final String namespace;

  /** The protocol of a service whose answers live in this XML name space. */
  public Ec2Protocol(String namespace) {
    this.namespace = namespace;
  }

  @Override
  public void decode(WireRequest request, SdkPojo builder) {
    FormReader.members(FormParameters.of(request), builder);
  }

  @Override
  public WireAnswer encode(String operation, SdkPojo output, String requestId) {
    var xml = new XmlWriter().open(operation + "Response", namespace);
    xml.text("requestId", requestId).members(output).close(operation + "Response");
    return answer(200, xml, requestId);
  }

  @Override
  public WireAnswer encode(WireError error, String requestId) {
    var xml = new XmlWriter().open("Response").open("Errors").open("Error");
    xml.text("Code", error.code()).text("Message", error.message());
    xml.close("Error").close("Errors").text("RequestID", requestId);
    return answer(error.status(), xml.close("Response"), requestId);
  }

  private static WireAnswer answer(int status, XmlWriter xml, String requestId) {
    return new WireAnswer(
        status, CONTENT_TYPE, Map.of("x-amzn-RequestId", requestId), xml.toBytes());
  }
}
