package dev.berth.api.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.api.gateway.Destination.Aws;
import dev.berth.api.gateway.Destination.Nowhere;
import dev.berth.api.gateway.Destination.Own;
import dev.berth.api.gateway.JsonService.JsonOperation;
import dev.berth.api.gateway.ServiceBinding.Bound;
import dev.berth.api.protocol.MalformedRequest;
import dev.berth.api.protocol.WireAnswer;
import dev.berth.api.protocol.WireError;
import dev.berth.api.protocol.WireProtocol;
import dev.berth.api.protocol.WireRequest;
import dev.berth.api.shape.ConstraintCheck;
import dev.berth.api.shape.ServiceModel;
import dev.berth.model.signature.SignableRequest;
import dev.berth.model.signature.SignatureVerifier;
import dev.berth.model.signature.Verification;
import dev.berth.model.signature.Verification.Refused;
import dev.berth.model.signature.Verification.Verified;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.AwsRequest;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkPojo;

/**
 * The path of one request: find, verify, decode, check, call, encode. Knows nothing of HTTP's
 * server.
 */
final class RequestHandler {
  private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Dispatcher dispatcher;
  private final SignatureVerifier verifier;
  private final InstantSource clock;

  RequestHandler(Dispatcher dispatcher, SignatureVerifier verifier, InstantSource clock) {
    this.dispatcher = dispatcher;
    this.verifier = verifier;
    this.clock = clock;
  }

  Reply answer(SignableRequest request, WireRequest wireRequest, String requestId) {
    return switch (dispatcher.find(request, wireRequest)) {
      case Nowhere(WireProtocol protocol, WireError error) ->
          new Reply.Whole(protocol.encode(error, requestId));
      case Aws(ServiceBinding service, String operation) ->
          answer(service, operation, request, wireRequest, requestId);
      case Own(JsonService service, String operation) ->
          new Reply.Whole(answer(service, operation, request, wireRequest, requestId));
    };
  }

  private Reply answer(
      ServiceBinding service,
      String operation,
      SignableRequest request,
      WireRequest wireRequest,
      String requestId) {
    WireProtocol protocol = service.protocol();
    ServiceModel model = service.model();
    return switch (verifier.verify(request, model.signingName())) {
      case Refused refused ->
          new Reply.Whole(protocol.encode(ErrorCodes.of(protocol, refused), requestId));
      case Verified verified -> {
        CallContext context = context(verified, requestId);
        Optional<WireError> refusal = refusal(service, operation, wireRequest, context);
        yield refusal.isPresent()
            ? new Reply.Whole(protocol.encode(refusal.get(), requestId))
            : call(service, service.operation(operation).orElseThrow(), wireRequest, context);
      }
    };
  }

  /** Why the operation is not even looked at; what nobody has is nobody's to be denied. */
  private static Optional<WireError> refusal(
      ServiceBinding service, String operation, WireRequest wireRequest, CallContext context) {
    WireProtocol protocol = service.protocol();
    ServiceModel model = service.model();
    String name = model.signingName();
    if (!model.operations().containsKey(operation)) {
      return Optional.of(ErrorCodes.unknown(protocol, operation, model.apiVersion()));
    }
    if (!Permissions.allow(context.principal(), name, operation)) {
      String resource = AskedResource.of(name, context, wireRequest.body());
      return Optional.of(
          ErrorCodes.denied(
              protocol,
              Permissions.refusal(context.principal(), name + ":" + operation, resource)));
    }
    return service.operation(operation).isPresent()
        ? Optional.empty()
        : Optional.of(ErrorCodes.notOffered(protocol, model, operation));
  }

  private static <I extends AwsRequest> Reply call(
      ServiceBinding service, Bound<I> bound, WireRequest wireRequest, CallContext context) {
    return switch (bound) {
      case Bound.Plain<I, ?> plain ->
          new Reply.Whole(
              attempt(
                  service,
                  bound,
                  wireRequest,
                  context,
                  input ->
                      service
                          .protocol()
                          .encode(bound.name(), plain.call(context, input), context.requestId())));
      case Bound.Flowing<I> flowing -> flow(service, flowing, wireRequest, context);
    };
  }

  /** A flow that begins, or the error for which it does not. */
  private static <I extends AwsRequest> Reply flow(
      ServiceBinding service,
      Bound.Flowing<I> bound,
      WireRequest wireRequest,
      CallContext context) {
    var begun = new AtomicReference<Reply>();
    WireAnswer answer =
        attempt(
            service,
            bound,
            wireRequest,
            context,
            input -> {
              EventFlow flow = bound.operation().call(context, input);
              begun.set(
                  new Reply.Flowing(
                      context.requestId(), writer -> flow.run(new FlowSink(service, writer))));
              return new WireAnswer(200, "", Map.of(), new byte[0]);
            });
    Reply reply = begun.get();
    return reply == null ? new Reply.Whole(answer) : reply;
  }

  /** What is done with an input that is as its model demands. */
  @FunctionalInterface
  private interface Use<I> {
    WireAnswer of(I input);
  }

  private static <I extends AwsRequest> WireAnswer attempt(
      ServiceBinding service,
      Bound<I> bound,
      WireRequest wireRequest,
      CallContext context,
      Use<I> use) {
    WireProtocol protocol = service.protocol();
    ServiceModel model = service.model();
    String requestId = context.requestId();
    try {
      SdkPojo builder = bound.newRequest();
      protocol.decode(wireRequest, builder);
      I input = bound.build(builder);
      List<String> violations = ConstraintCheck.violations(model, bound.name(), input);
      if (!violations.isEmpty()) {
        return protocol.encode(
            ErrorCodes.invalid(protocol, model, bound.name(), violations), requestId);
      }
      return use.of(input);
    } catch (MalformedRequest malformed) {
      return protocol.encode(ErrorCodes.of(protocol, malformed), requestId);
    } catch (ApiException e) {
      return protocol.encode(new WireError(e.code(), e.status(), e.text()), requestId);
    } catch (AwsServiceException e) {
      Optional<WireError> modelled = ErrorCodes.of(model, e);
      return modelled.isPresent()
          ? protocol.encode(modelled.get(), requestId)
          : internal(protocol, model.errors().keySet(), bound.name(), requestId, e);
    } catch (RuntimeException | StackOverflowError e) {
      return internal(protocol, model.errors().keySet(), bound.name(), requestId, e);
    }
  }

  private WireAnswer answer(
      JsonService service,
      String operationName,
      SignableRequest request,
      WireRequest wireRequest,
      String requestId) {
    WireProtocol protocol = Dispatcher.OWN_PROTOCOL;
    Verification verification = verifier.verify(request, service.signingName());
    if (verification instanceof Refused refused) {
      return protocol.encode(ErrorCodes.of(protocol, refused), requestId);
    }
    CallContext context = context((Verified) verification, requestId);
    if (!Permissions.allowOwn(context.principal())) {
      String action = service.signingName() + ":" + operationName;
      return protocol.encode(
          ErrorCodes.denied(protocol, Permissions.refusal(context.principal(), action, "*")),
          requestId);
    }
    JsonOperation operation = service.operations().get(operationName);
    if (operation == null) {
      return protocol.encode(ErrorCodes.unknown(protocol, operationName, ""), requestId);
    }
    try {
      JsonNode input =
          wireRequest.body().length == 0 ? JSON.createObjectNode() : parse(wireRequest.body());
      JsonNode output = operation.call(context, input);
      return new WireAnswer(
          200,
          "application/x-amz-json-1.1",
          Map.of("x-amzn-RequestId", requestId),
          JSON.writeValueAsBytes(output));
    } catch (MalformedRequest malformed) {
      return protocol.encode(ErrorCodes.of(protocol, malformed), requestId);
    } catch (ApiException e) {
      return protocol.encode(new WireError(e.code(), e.status(), e.text()), requestId);
    } catch (RuntimeException | JsonProcessingException e) {
      return internal(protocol, Set.of(), operationName, requestId, e);
    }
  }

  private static JsonNode parse(byte[] body) {
    try {
      JsonNode node = JSON.readTree(body);
      if (!node.isObject()) {
        throw new MalformedRequest("the request's body is not a JSON object");
      }
      return node;
    } catch (JsonProcessingException e) {
      throw new MalformedRequest("the request's body is not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory failed", e);
    }
  }

  private CallContext context(Verified verified, String requestId) {
    return new CallContext(
        verified.key().principal(), verified.scope().region(), requestId, clock.instant());
  }

  private static WireAnswer internal(
      WireProtocol protocol,
      Set<String> modelledErrors,
      String operation,
      String requestId,
      Throwable cause) {
    LOG.atError()
        .addKeyValue("operation", operation)
        .addKeyValue("requestId", requestId)
        .setCause(cause)
        .log("operation failed");
    return protocol.encode(ErrorCodes.internal(modelledErrors), requestId);
  }
}
