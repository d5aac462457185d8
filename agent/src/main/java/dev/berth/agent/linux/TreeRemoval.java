package dev.berth.agent.linux;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;

/**
 * Deletes a folder that somebody else filled: links are never followed, and a tree that is deeper
 * than a path can be long, or than a stack can be high, is taken down all the same.
 */
public final class TreeRemoval {
  /** A folder deeper than this is first moved up to the top. Bounds open descriptors and stack. */
  private static final int DEPTH_MAX = 64;

  private final SecureDirectoryStream<Path> top;
  private long movedCount;

  private TreeRemoval(SecureDirectoryStream<Path> top) {
    this.top = top;
  }

  /** Deletes the folder and all in it. Nothing there is no failure. */
  public static void remove(Path folder) throws IOException {
    try (var stream = Files.newDirectoryStream(folder)) {
      new TreeRemoval(secure(stream)).empty();
    } catch (NoSuchFileException e) {
      return;
    }
    Files.deleteIfExists(folder);
  }

  private void empty() throws IOException {
    long movedBefore;
    do { // Each round takes what the one before moved up, and ends one level of DEPTH_MAX.
      movedBefore = movedCount;
      try (var again = secure(top.newDirectoryStream(Path.of("."), LinkOption.NOFOLLOW_LINKS))) {
        removeChildren(again, 1);
      }
    } while (movedCount > movedBefore);
  }

  private void removeChildren(SecureDirectoryStream<Path> folder, int depth) throws IOException {
    for (var child : folder) {
      var name = child.getFileName();
      var attributes =
          folder
              .getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
              .readAttributes();
      if (!attributes.isDirectory()) {
        folder.deleteFile(name);
      } else if (depth == DEPTH_MAX) {
        folder.move(name, top, Path.of(".berth-removed-" + movedCount++));
      } else {
        try (var below = secure(folder.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS))) {
          removeChildren(below, depth + 1);
        }
        folder.deleteDirectory(name);
      }
    }
  }

  private static SecureDirectoryStream<Path> secure(DirectoryStream<Path> stream) {
    if (stream instanceof SecureDirectoryStream<Path> secure) {
      return secure;
    }
    throw new IllegalStateException("this Java has no SecureDirectoryStream on Linux");
  }
}
