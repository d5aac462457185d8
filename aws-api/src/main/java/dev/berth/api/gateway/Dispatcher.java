package dev.berth.api.gateway;

import dev.berth.api.gateway.Destination.Aws;
import dev.berth.api.gateway.Destination.Nowhere;
import dev.berth.api.gateway.Destination.Own;
import dev.berth.api.protocol.FormParameters;
import dev.berth.api.protocol.JsonProtocol;
import dev.berth.api.protocol.MalformedRequest;
import dev.berth.api.protocol.QueryProtocol;
import dev.berth.api.protocol.WireError;
import dev.berth.api.protocol.WireProtocol;
import dev.berth.api.protocol.WireRequest;
import dev.berth.model.signature.Authorization;
import dev.berth.model.signature.SignableRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the service and the operation that a request means.
 *
 * <p>Pure. JSON names both in X-Amz-Target. A query names its operation in Action, and its service
 * in the credential scope, or else, as an unsigned request has none, in Version.
 */
final class Dispatcher {
  static final WireProtocol OWN_PROTOCOL = new JsonProtocol("1.1", false);

  private static final WireProtocol FALLBACK_QUERY =
      new QueryProtocol("https://webservices.amazon.com/");

  private final Map<String, ServiceBinding> byTargetPrefix = new HashMap<>();
  private final Map<String, JsonService> ownByTargetPrefix = new HashMap<>();
  private final Map<String, ServiceBinding> queriesBySigningName = new HashMap<>();
  private final Map<String, ServiceBinding> queriesByVersion = new HashMap<>();

  Dispatcher(List<ServiceBinding> services, List<JsonService> ownServices) {
    for (ServiceBinding service : services) {
      switch (service.model().protocol()) {
        case QUERY, EC2 -> {
          queriesBySigningName.put(service.model().signingName(), service);
          queriesByVersion.put(service.model().apiVersion(), service);
        }
        case JSON -> byTargetPrefix.put(service.model().targetPrefix(), service);
      }
    }
    ownServices.forEach(service -> ownByTargetPrefix.put(service.targetPrefix(), service));
  }

  /** Finds where a request goes. */
  Destination find(SignableRequest request, WireRequest wireRequest) {
    String target = request.value("X-Amz-Target");
    return target.isEmpty() ? findByAction(request, wireRequest) : findByTarget(target);
  }

  private Destination findByTarget(String target) {
    int dot = target.lastIndexOf('.');
    String prefix = dot < 0 ? "" : target.substring(0, dot);
    String operation = target.substring(dot + 1);
    ServiceBinding service = byTargetPrefix.get(prefix);
    if (service != null) {
      return new Aws(service, operation);
    }
    JsonService own = ownByTargetPrefix.get(prefix);
    if (own != null) {
      return new Own(own, operation);
    }
    return new Nowhere(
        OWN_PROTOCOL,
        new WireError(
            "UnknownOperationException",
            400,
            "Berth does not offer the service of " + target + "."));
  }

  private Destination findByAction(SignableRequest request, WireRequest wireRequest) {
    FormParameters form;
    try {
      form = FormParameters.of(wireRequest);
    } catch (MalformedRequest malformed) {
      return new Nowhere(FALLBACK_QUERY, ErrorCodes.of(FALLBACK_QUERY, malformed));
    }
    String action = form.text("Action");
    String version = form.text("Version");
    Optional<String> scopeService = scopeService(request);
    ServiceBinding service =
        scopeService.map(queriesBySigningName::get).orElseGet(() -> queriesByVersion.get(version));
    if (service != null && !action.isEmpty()) {
      return new Aws(service, action);
    }
    String wanted = scopeService.map(name -> "the service '" + name + "'").orElse("this request");
    return new Nowhere(
        FALLBACK_QUERY,
        action.isEmpty()
            ? new WireError("MissingAction", 400, "Berth does not know " + wanted + ".")
            : new WireError(
                "InvalidAction",
                400,
                "Berth does not offer %s: could not find operation %s for version %s"
                    .formatted(wanted, action, version.isEmpty() ? "NO_VERSION" : version)));
  }

  private static Optional<String> scopeService(SignableRequest request) {
    return switch (Authorization.of(request)) {
      case Authorization.Claim claim -> Optional.of(claim.scope().service());
      case Authorization.Absent _, Authorization.Malformed _ -> Optional.empty();
    };
  }
}
