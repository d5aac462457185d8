package dev.berth.agent.image;

import dev.berth.agent.image.manifest.ImageDocuments;
import dev.berth.model.image.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/** An image made of given layers: its documents and blobs by digest. */
public final class TestImage {
  final Map<Digest, byte[]> blobs = new LinkedHashMap<>();
  final List<Digest> diffIds = new ArrayList<>();
  final List<Digest> layerBlobs = new ArrayList<>();
  final byte[] config;
  final byte[] manifest;
  final Digest manifestDigest;

  private TestImage(String architecture, List<byte[]> tars) {
    var layers = new ArrayList<String>();
    for (byte[] tar : tars) {
      byte[] blob = gzip(tar);
      diffIds.add(Digest.of(tar));
      layerBlobs.add(Digest.of(blob));
      layers.add(descriptor("application/vnd.oci.image.layer.v1.tar+gzip", blob));
      blobs.put(Digest.of(blob), blob);
    }
    var quoted = diffIds.stream().map(diffId -> "\"" + diffId + "\"").toList();
    config =
        bytes(
            """
            {"os":"linux","architecture":"%s","rootfs":{"type":"layers","diff_ids":[%s]},
             "config":{"Env":["PATH=/bin","A=b=c"],"Entrypoint":["/bin/sh"],"Cmd":["-c","true"],"User":"7:8",
             "WorkingDir":"/w","Volumes":{"/v":{}},"ExposedPorts":{"80/tcp":{}},"Labels":{"l":"m"},"StopSignal":"SIGINT",
             "Healthcheck":{"Test":["CMD","true"],"Interval":5000000000,"Retries":3}}}"""
                .formatted(architecture, String.join(",", quoted)));
    blobs.put(Digest.of(config), config);
    manifest =
        bytes(
            """
            {"schemaVersion":2,"mediaType":"%s","config":%s,"layers":[%s]}"""
                .formatted(
                    ImageDocuments.OCI_MANIFEST,
                    descriptor("application/vnd.oci.image.config.v1+json", config),
                    String.join(",", layers)));
    manifestDigest = Digest.of(manifest);
  }

  public static TestImage of(byte[]... tars) {
    return new TestImage("amd64", List.of(tars));
  }

  static TestImage of(String architecture, byte[]... tars) {
    return new TestImage(architecture, List.of(tars));
  }

  /** An index of several images, in the order of the map. */
  static byte[] index(Map<String, TestImage> byPlatform) {
    var entries = new ArrayList<String>();
    byPlatform.forEach(
        (platform, image) -> {
          String[] parts = platform.split("/", -1);
          entries.add(
              """
              {"mediaType":"%s","digest":"%s","size":%d,"platform":{"os":"%s","architecture":"%s"}}"""
                  .formatted(
                      ImageDocuments.OCI_MANIFEST,
                      image.manifestDigest,
                      image.manifest.length,
                      parts[0],
                      parts[1]));
        });
    return bytes(
        """
        {"schemaVersion":2,"mediaType":"%s","manifests":[%s]}"""
            .formatted(ImageDocuments.OCI_INDEX, String.join(",", entries)));
  }

  static String descriptor(String mediaType, byte[] content) {
    return """
    {"mediaType":"%s","digest":"%s","size":%d}"""
        .formatted(mediaType, Digest.of(content), content.length);
  }

  byte[] blob(Digest digest) {
    return Optional.ofNullable(blobs.get(digest)).orElseThrow();
  }

  /** Writes an OCI layout directory, from which skopeo makes everything else. */
  public void writeLayout(Path directory) throws IOException {
    Path sha256 = Files.createDirectories(directory.resolve("blobs/sha256"));
    for (var blob : blobs.entrySet()) {
      Files.write(sha256.resolve(blob.getKey().hex()), blob.getValue());
    }
    Files.write(sha256.resolve(manifestDigest.hex()), manifest);
    Files.writeString(directory.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
    Files.write(
        directory.resolve("index.json"),
        bytes(
            "{\"schemaVersion\":2,\"manifests\":["
                + descriptor(ImageDocuments.OCI_MANIFEST, manifest)
                + "]}"));
  }

  static byte[] gzip(byte[] plain) {
    var out = new ByteArrayOutputStream();
    try (var zip = new GZIPOutputStream(out)) {
      zip.write(plain);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return out.toByteArray();
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
