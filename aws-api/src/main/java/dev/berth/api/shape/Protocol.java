package dev.berth.api.shape;

/** AWS's wire protocols, by the names that the service models use. */
public enum Protocol {
  JSON("json"),
  QUERY("query"),
  EC2("ec2");

  private final String modelName;

  Protocol(String modelName) {
    this.modelName = modelName;
  }

  static Protocol of(String modelName) {
    for (Protocol protocol : values()) {
      if (protocol.modelName.equals(modelName)) {
        return protocol;
      }
    }
    throw new IllegalArgumentException("no codec for the protocol " + modelName);
  }
}
