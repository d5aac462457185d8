package dev.berth.cli.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * An image with busybox and a greeting, as an archive in the OCI image layout.
 *
 * <p>It is made in milliseconds, so {@code berth up} can show a real task on a machine that has no
 * registry and no image tool.
 */
public final class WelcomeImage {
  /** The name under which it is loaded. */
  public static final String REFERENCE = "berth/welcome:latest";

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String MEDIA_TYPE = "application/vnd.oci.image.";
  private static final String SCRIPT = "welcome.sh";

  /** The programs of busybox that a person tries in a first task. */
  private static final List<String> PROGRAMS =
      List.of(
          """
          sh ash awk basename cat chmod chown cp cut date dd df dirname du echo env expr false \
          find free grep gunzip gzip head hostname id ifconfig ip kill ln ls md5sum mkdir mktemp \
          mount mv nc netstat nproc nslookup od ping printenv printf ps pwd rm rmdir route sed \
          seq sha256sum sleep sort stat sync tail tar tee test timeout top touch tr true tty \
          uname uniq uptime vi wc wget which whoami xargs yes"""
              .split(" "));

  private WelcomeImage() {}

  /** The archive around that busybox, which must be statically linked. */
  public static byte[] archive(byte[] busybox) {
    byte[] layer = layer(busybox);
    byte[] config = json(config(digest(layer)));
    ObjectNode manifest = JSON.objectNode().put("schemaVersion", 2);
    manifest.put("mediaType", MEDIA_TYPE + "manifest.v1+json");
    manifest.set("config", descriptor("config.v1+json", config));
    manifest.putArray("layers").add(descriptor("layer.v1.tar", layer));
    byte[] rawManifest = json(manifest);
    ObjectNode index = JSON.objectNode().put("schemaVersion", 2);
    ObjectNode entry = descriptor("manifest.v1+json", rawManifest);
    entry.putObject("annotations").put("io.containerd.image.name", "docker.io/" + REFERENCE);
    index.putArray("manifests").add(entry);
    return new TarWriter()
        .file("oci-layout", 0644, "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(UTF_8))
        .folder("blobs", 0755)
        .folder("blobs/sha256", 0755)
        .file("blobs/sha256/" + digest(layer), 0644, layer)
        .file("blobs/sha256/" + digest(config), 0644, config)
        .file("blobs/sha256/" + digest(rawManifest), 0644, rawManifest)
        .file("index.json", 0644, json(index))
        .bytes();
  }

  private static byte[] layer(byte[] busybox) {
    var layer = new TarWriter();
    for (String folder : List.of("bin", "dev", "etc", "proc", "root", "sys")) {
      layer.folder(folder, 0755);
    }
    layer.folder("tmp", 01777).file("bin/busybox", 0755, busybox);
    PROGRAMS.forEach(name -> layer.link("bin/" + name, "busybox"));
    return layer
        .file("bin/welcome", 0755, script())
        .file("etc/passwd", 0644, "root:x:0:0:root:/root:/bin/sh\n".getBytes(UTF_8))
        .file("etc/group", 0644, "root:x:0:\n".getBytes(UTF_8))
        .bytes();
  }

  private static ObjectNode config(String layerDigest) {
    ObjectNode config = JSON.objectNode().put("architecture", architecture()).put("os", "linux");
    ObjectNode process = config.putObject("config");
    process.putArray("Env").add("PATH=/bin");
    process.putArray("Cmd").add("welcome");
    ObjectNode root = config.putObject("rootfs").put("type", "layers");
    root.putArray("diff_ids").add("sha256:" + layerDigest);
    return config;
  }

  /** The busybox is this machine's, and so is what it runs on. */
  private static String architecture() {
    return System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
  }

  private static ObjectNode descriptor(String type, byte[] content) {
    return JSON.objectNode()
        .put("mediaType", MEDIA_TYPE + type)
        .put("digest", "sha256:" + digest(content))
        .put("size", content.length);
  }

  private static byte[] script() {
    try (InputStream script = WelcomeImage.class.getResourceAsStream(SCRIPT)) {
      if (script == null) {
        throw new IllegalStateException(SCRIPT + " is not in this jar");
      }
      return script.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + SCRIPT + " from this jar", e);
    }
  }

  private static byte[] json(ObjectNode tree) {
    return tree.toString().getBytes(UTF_8);
  }

  private static String digest(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
