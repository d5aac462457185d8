package dev.berth.api.protocol;

import java.util.Map;
import software.amazon.awssdk.core.SdkPojo;

/** AWS Query: forms in, XML out. */
public final class QueryProtocol implements WireProtocol {
  private static final String CONTENT_TYPE = "text/xml";

  private final String namespace;

  /** The protocol of a service whose answers live in this XML name space. */
  public QueryProtocol(String namespace) {
    this.namespace = namespace;
  }

  @Override
  public void decode(WireRequest request, SdkPojo builder) {
    FormReader.members(FormParameters.of(request), builder);
  }

  @Override
  public WireAnswer encode(String operation, SdkPojo output, String requestId) {
    var xml = new XmlWriter().open(operation + "Response", namespace);
    xml.open(operation + "Result").members(output).close(operation + "Result");
    xml.open("ResponseMetadata").text("RequestId", requestId).close("ResponseMetadata");
    xml.close(operation + "Response");
    return answer(200, xml, requestId);
  }

  @Override
  public WireAnswer encode(WireError error, String requestId) {
    var xml = new XmlWriter().open("ErrorResponse", namespace).open("Error");
    xml.text("Type", error.isSenderFault() ? "Sender" : "Receiver");
    xml.text("Code", error.code()).text("Message", error.message());
    xml.members(error.details()).close("Error").text("RequestId", requestId);
    return answer(error.status(), xml.close("ErrorResponse"), requestId);
  }

  private static WireAnswer answer(int status, XmlWriter xml, String requestId) {
    return new WireAnswer(
        status, CONTENT_TYPE, Map.of("x-amzn-RequestId", requestId), xml.toBytes());
  }
}
