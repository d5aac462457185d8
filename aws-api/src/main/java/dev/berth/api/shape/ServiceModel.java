package dev.berth.api.shape;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * One service as its official model describes it.
 *
 * <p>Immutable. The shapes are read from the resource when they are first asked for.
 */
public final class ServiceModel {

  /**
   * An operation.
   *
   * @param sdkName what the SDK's classes call it, which may differ in the case of its letters
   * @param input the name of its input's shape; empty if it takes none
   * @param errors the SDK's class names of the errors that it models
   */
  public record OperationModel(String name, String sdkName, String input, Set<String> errors) {}

  /**
   * An error that the model knows.
   *
   * @param code as the wire calls it, which need not be the class's name
   * @param status of HTTP
   */
  public record ErrorModel(String code, int status) {}

  private final JsonNode head;
  private final Map<String, OperationModel> operations;
  private final Map<String, ErrorModel> errors;
  private final Supplier<Map<String, Shape>> shapes;

  ServiceModel(
      JsonNode head,
      Map<String, OperationModel> operations,
      Map<String, ErrorModel> errors,
      Supplier<Map<String, Shape>> shapes) {
    this.head = head;
    this.operations = Map.copyOf(operations);
    this.errors = Map.copyOf(errors);
    this.shapes = shapes;
  }

  /**
   * The model of a service, by the name of its resource, such as {@code ecs}.
   *
   * @throws IllegalArgumentException if Berth has no such resource
   */
  public static ServiceModel load(String service) {
    return new ServiceModelResource(service).load();
  }

  /** The service's name in credential scopes. */
  public String signingName() {
    return text("signingName");
  }

  public Protocol protocol() {
    return Protocol.of(text("protocol"));
  }

  /**
   * What X-Amz-Target starts with, without the dot; empty for a service that has no such header.
   */
  public String targetPrefix() {
    return text("targetPrefix");
  }

  /** The version of JSON's protocol, {@code 1.1}; empty for other protocols. */
  public String jsonVersion() {
    return text("jsonVersion");
  }

  /** The date that names the API's version. */
  public String apiVersion() {
    return text("apiVersion");
  }

  /** The name space of XML answers; empty for other protocols. */
  public String xmlNamespace() {
    return text("xmlNamespace");
  }

  /** The package of the SDK's classes for this service's shapes. */
  public String sdkPackage() {
    return text("sdkPackage");
  }

  /** Whether errors also carry their code of the older query protocol. */
  public boolean isQueryCompatible() {
    return head.path("queryCompatible").asBoolean();
  }

  public Map<String, OperationModel> operations() {
    return operations;
  }

  /** The errors by the simple names of the SDK's exception classes. */
  public Map<String, ErrorModel> errors() {
    return errors;
  }

  /** The shape of this name; one that the model does not constrain is {@link Shape.Free}. */
  Shape shape(String name) {
    return Optional.ofNullable(shapes().get(name)).orElseGet(Shape.Free::new);
  }

  /** All shapes that an input reaches. */
  Map<String, Shape> shapes() {
    return shapes.get();
  }

  private String text(String name) {
    return head.path(name).asText();
  }
}
