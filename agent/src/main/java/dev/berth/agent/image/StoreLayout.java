package dev.berth.agent.image;

import dev.berth.model.image.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Every path below the image store's root.
 *
 * <pre>
 * lock                      held by the one process that uses the root
 * staging/                  unfinished or discarded; deleted at start
 * partial/BLOB-LAYER        beginnings of blobs, to go on from
 * layers/DIFFID/fs          an unpacked layer, a lower directory for overlayfs
 * layers/DIFFID/layer.json  its size, and the boot in which it was written
 * layers/DIFFID/durable     exists once the layer is on disk for good
 * images/MANIFEST.json      an image's configuration and platform
 * names/HASH.json           a local name or an index entry, and the manifest it leads to
 * leases/OWNER@MANIFEST     who uses which image
 * </pre>
 */
record StoreLayout(Path root) {
  static StoreLayout create(Path root) throws IOException {
    var layout = new StoreLayout(root);
    // Layers hold setuid programs and files of any owner: nobody but root may walk in.
    var ownerOnly =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    Files.createDirectories(root, ownerOnly);
    for (Path directory :
        new Path[] {
          layout.staging(),
          layout.partials(),
          layout.layers(),
          layout.images(),
          layout.names(),
          layout.leases()
        }) {
      Files.createDirectories(directory, ownerOnly);
    }
    return layout;
  }

  Path lock() {
    return root.resolve("lock");
  }

  Path staging() {
    return root.resolve("staging");
  }

  Path partials() {
    return root.resolve("partial");
  }

  /** A partial is the layer's as well as the blob's, so that two layers never share one. */
  Path partial(Digest blob, Digest diffId) {
    return partials().resolve(blob.hex() + "-" + diffId.hex().substring(0, 16));
  }

  Path layers() {
    return root.resolve("layers");
  }

  Path layer(Digest diffId) {
    return layers().resolve(diffId.hex());
  }

  Path layerFiles(Digest diffId) {
    return layer(diffId).resolve("fs");
  }

  Path images() {
    return root.resolve("images");
  }

  Path names() {
    return root.resolve("names");
  }

  Path leases() {
    return root.resolve("leases");
  }
}
