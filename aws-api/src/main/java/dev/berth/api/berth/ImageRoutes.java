package dev.berth.api.berth;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.api.gateway.HttpSignature;
import dev.berth.model.signature.AccessKeys;
import dev.berth.model.signature.Principal;
import dev.berth.model.signature.SignatureVerifier;
import dev.berth.model.signature.Verification;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Health, and the upload of image archives, which are too large for an ordinary request. */
public final class ImageRoutes implements HttpService {
  private static final Logger LOG = LoggerFactory.getLogger(ImageRoutes.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SERVICE = "berth";

  private final SignatureVerifier verifier;
  private final Optional<Images> images;

  public ImageRoutes(AccessKeys keys, InstantSource clock, Optional<Images> images) {
    this.verifier = new SignatureVerifier(keys, clock);
    this.images = images;
  }

  @Override
  public void routing(HttpRules rules) {
    rules.get("/_berth/health", (_, response) -> response.send("ok\n"));
    rules.post("/_berth/images", this::load);
  }

  /** The body is not part of the signature: it is checked by the digests within. */
  private void load(ServerRequest request, ServerResponse response) throws IOException {
    switch (verifier.verify(HttpSignature.of(request, new byte[0]), SERVICE)) {
      case Verification.Refused(var reason, String message) ->
          fail(response, Status.FORBIDDEN_403, reason.name(), message);
      case Verification.Verified(var key, _) -> {
        if (!(key.principal() instanceof Principal.Root)) {
          fail(
              response,
              Status.FORBIDDEN_403,
              "AccessDeniedException",
              "User: " + key.principal().arn() + " is not authorized to load images");
          return;
        }
        if (images.isEmpty()) {
          fail(
              response,
              Status.BAD_REQUEST_400,
              "UnsupportedOperationException",
              "This server runs no tasks itself, so there is no store to load an image into.");
          return;
        }
        loaded(request, response, images.get());
      }
    }
  }

  private static void loaded(ServerRequest request, ServerResponse response, Images images)
      throws IOException {
    Path archive = Files.createTempFile("berth-image-", ".tar");
    try {
      try (InputStream body = request.content().inputStream()) {
        Files.copy(body, archive, StandardCopyOption.REPLACE_EXISTING);
      }
      Optional<String> name = request.query().first("reference").asOptional();
      ObjectNode answer = JSON.createObjectNode();
      var list = answer.putArray("images");
      for (Images.Named image : images.load(archive, name)) {
        list.addObject().put("reference", image.reference()).put("digest", image.digest());
        LOG.atInfo().addKeyValue("image", image.reference()).log("image loaded");
      }
      send(response, Status.OK_200, answer);
    } catch (IOException failure) {
      fail(
          response,
          Status.BAD_REQUEST_400,
          "InvalidParameterException",
          String.valueOf(failure.getMessage()));
    } finally {
      Files.deleteIfExists(archive);
    }
  }

  private static void fail(ServerResponse response, Status status, String code, String message) {
    send(response, status, JSON.createObjectNode().put("__type", code).put("message", message));
  }

  private static void send(ServerResponse response, Status status, ObjectNode answer) {
    response.status(status);
    response.header("Content-Type", "application/x-amz-json-1.1");
    response.send(answer.toString());
  }
}
