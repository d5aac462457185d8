package dev.berth.agent.image.layer;

import dev.berth.agent.linux.FileSystemCallFailed;
import dev.berth.agent.linux.FileSystemCalls;
import dev.berth.model.image.ImageException;
import dev.berth.model.image.ImageFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The directory that a layer is unpacked into, changed only relative to descriptors within it.
 *
 * <p>The parent of every name is opened by the kernel with the layer as its root (openat2,
 * RESOLVE_IN_ROOT), so that links and {@code ..} end inside, as they will in the container; the
 * last name is never followed. What is replaced by something else is unlinked, or moved aside when
 * it is a directory, so that no call ever walks a tree.
 *
 * <p>For one platform thread.
 */
final class LayerTree implements AutoCloseable {
  /** Directories kept open; layers are written folder by folder, so that few are enough. */
  private static final int OPEN_DIRECTORY_COUNT_MAX = 64;

  private static final int NAME_BYTES_MAX = 255;
  private static final int IMPLIED_DIRECTORY_MODE = 0755;
  private static final String OPAQUE = "trusted.overlay.opaque";

  private final FileSystemCalls calls;
  private final int root;
  private final int replaced;
  private final Map<String, Integer> open = new LinkedHashMap<>(128, 0.75f, true);
  private final Map<String, TarEntry> directories = new LinkedHashMap<>();

  /** Whiteouts made here: a directory that comes later at such a place hides the lower one. */
  private final Map<String, Boolean> whiteouts = new HashMap<>();

  private long replacedCount;
  private int impliedDirectoryCount;

  /**
   * Starts in empty directories of one file system.
   *
   * @param replaced takes directories that the layer itself replaces; the caller deletes it
   */
  LayerTree(FileSystemCalls calls, Path root, Path replaced) throws IOException {
    this.calls = calls;
    this.root = calls.openDirectory(root);
    this.replaced = calls.openDirectory(replaced);
  }

  /**
   * A name's place: its parent's path and its last part. The layer's own root has an empty name.
   */
  record Place(String parent, String name) {
    String path() {
      return parent.isEmpty() ? name : parent + "/" + name;
    }
  }

  /**
   * Splits and checks an entry's name. A leading slash means the layer's root, as it does to
   * Docker.
   */
  static Place place(String raw) throws ImageException {
    if (raw.length() > FileSystemCalls.PATH_BYTES_MAX || raw.indexOf('\0') >= 0) {
      throw refused("a name is too long or contains NUL");
    }
    var path = new StringBuilder(raw.length());
    int nameStart = 0;
    int at = 0;
    while (at < raw.length()) {
      int end = raw.indexOf('/', at);
      end = end < 0 ? raw.length() : end;
      int length = end - at;
      boolean dot = length == 1 && raw.charAt(at) == '.';
      if (length == 2 && raw.startsWith("..", at)) {
        throw refused("a name contains '..': " + raw);
      }
      if (length > NAME_BYTES_MAX) {
        throw refused("a part of a name is too long: " + raw);
      }
      if (length > 0 && !dot) {
        if (!path.isEmpty()) {
          path.append('/');
        }
        nameStart = path.length();
        path.append(raw, at, end);
      }
      at = end + 1;
    }
    String parent = nameStart == 0 ? "" : path.substring(0, nameStart - 1);
    return new Place(parent, path.substring(nameStart));
  }

  static ImageException refused(String why) {
    return new ImageException(new ImageFailure.LayerRefused(why));
  }

  /** Directories made because an entry's parent had no entry of its own before it. */
  int impliedDirectoryCount() {
    return impliedDirectoryCount;
  }

  void addDirectory(Place place, TarEntry entry) throws IOException {
    if (!place.name().isEmpty()) {
      int parent = directory(place.parent());
      try {
        calls.makeDirectory(parent, place.name(), IMPLIED_DIRECTORY_MODE);
      } catch (FileSystemCallFailed e) {
        boolean kept = e.errno() == FileSystemCalls.EEXIST && isDirectory(parent, place.name());
        if (!kept) {
          clearPlace(parent, place, e);
          calls.makeDirectory(parent, place.name(), IMPLIED_DIRECTORY_MODE);
          if (whiteouts.remove(place.path()) != null) {
            markOpaque(place.path());
          }
        }
      }
    }
    directories.remove(place.path());
    directories.put(place.path(), entry); // Applied last: files added to it change its times.
  }

  /** Makes a new file and returns its descriptor, which the caller closes. */
  int addFile(Place place) throws IOException {
    int parent = directory(parentOf(place));
    try {
      return calls.createFile(parent, place.name());
    } catch (FileSystemCallFailed e) {
      clearPlace(parent, place, e);
      return calls.createFile(parent, place.name());
    }
  }

  void addSymlink(Place place, TarEntry entry) throws IOException {
    if (entry.linkName().isEmpty() || entry.linkName().indexOf('\0') >= 0) {
      throw refused("a symbolic link has an impossible target: " + entry.name());
    }
    int parent = directory(parentOf(place));
    try {
      calls.makeSymlink(entry.linkName(), parent, place.name());
    } catch (FileSystemCallFailed e) {
      clearPlace(parent, place, e);
      calls.makeSymlink(entry.linkName(), parent, place.name());
    }
    if (entry.uid() != 0 || entry.gid() != 0) {
      calls.changeOwner(parent, place.name(), entry.uid(), entry.gid());
    }
    calls.setTimes(parent, place.name(), entry.mtimeSeconds(), entry.mtimeNanos());
  }

  void addHardLink(Place place, Place target) throws IOException {
    if (target.name().isEmpty() || target.equals(place)) {
      throw refused("a hard link leads to itself or to the layer's root: " + place.path());
    }
    int parent = directory(parentOf(place));
    // By its own descriptor: making room for the new name may close those that are kept open.
    int from = calls.openInRoot(root, target.parent());
    try {
      try {
        calls.makeHardLink(from, target.name(), parent, place.name());
      } catch (FileSystemCallFailed e) {
        clearPlace(parent, place, e);
        calls.makeHardLink(from, target.name(), parent, place.name());
      }
    } finally {
      calls.close(from);
    }
  }

  void addFifo(Place place, TarEntry entry) throws IOException {
    int parent = directory(parentOf(place));
    try {
      calls.makeFifo(parent, place.name());
    } catch (FileSystemCallFailed e) {
      clearPlace(parent, place, e);
      calls.makeFifo(parent, place.name());
    }
    calls.changeOwner(parent, place.name(), entry.uid(), entry.gid());
    calls.changeMode(parent, place.name(), entry.mode());
    calls.setTimes(parent, place.name(), entry.mtimeSeconds(), entry.mtimeNanos());
  }

  /**
   * Hides a name of lower layers. What this layer itself has there stays, as the OCI specification
   * says.
   */
  void addWhiteout(Place place) throws IOException {
    int parent = directory(parentOf(place));
    try {
      calls.makeWhiteout(parent, place.name());
      whiteouts.put(place.path(), Boolean.TRUE);
    } catch (FileSystemCallFailed e) {
      if (e.errno() != FileSystemCalls.EEXIST) {
        throw e;
      }
      if (isDirectory(parent, place.name())) {
        markOpaque(place.path());
      }
    }
  }

  /** Hides everything that lower layers have in a directory. */
  void markOpaque(String directory) throws IOException {
    directory(directory);
    setOpaque(directory);
  }

  private void setOpaque(String directory) throws IOException {
    int file = calls.openAttributesInRoot(root, directory);
    try {
      calls.setAttribute(file, OPAQUE, new byte[] {'y'});
    } finally {
      calls.close(file);
    }
  }

  /**
   * Owner, mode, attributes and times of an open file, in the order in which none undoes another.
   */
  void applyAttributes(int file, TarEntry entry) throws IOException {
    if (entry.uid() != 0 || entry.gid() != 0) {
      calls.changeOwner(file, entry.uid(), entry.gid());
    }
    calls.changeMode(file, entry.mode());
    for (var attribute : entry.attributes().entrySet()) {
      applyAttribute(file, attribute.getKey(), attribute.getValue());
    }
    calls.setTimes(file, entry.mtimeSeconds(), entry.mtimeNanos());
  }

  /**
   * security.capability and user.* are content. trusted.* and user.overlay.* would speak to
   * overlayfs, so a layer with them is hostile. The rest (SELinux and IMA labels, ACLs) belongs to
   * the machine that built the layer.
   */
  private void applyAttribute(int file, String name, byte[] value) throws IOException {
    if (name.startsWith("trusted.") || name.startsWith("user.overlay.")) {
      throw refused("it sets the attribute " + name);
    }
    boolean capability = name.equals("security.capability");
    if (!capability && !name.startsWith("user.")) {
      return;
    }
    try {
      calls.setAttribute(file, name, value);
    } catch (FileSystemCallFailed e) {
      if (capability || e.errno() != FileSystemCalls.EOPNOTSUPP) {
        throw e; // Only user attributes are optional to a file system.
      }
    }
  }

  /** Applies what waited until all files were there. */
  void finish() throws IOException {
    for (var waiting : directories.entrySet()) {
      int file;
      try {
        file = calls.openAttributesInRoot(root, waiting.getKey());
      } catch (FileSystemCallFailed e) {
        if (isGone(e)) {
          continue; // A later entry replaced this directory, or one above it.
        }
        throw e;
      }
      try {
        applyAttributes(file, waiting.getValue());
      } finally {
        calls.close(file);
      }
    }
  }

  private static boolean isGone(FileSystemCallFailed e) {
    return e.errno() == FileSystemCalls.ENOENT
        || e.errno() == FileSystemCalls.ENOTDIR
        || e.errno() == FileSystemCalls.ELOOP;
  }

  private static String parentOf(Place place) throws ImageException {
    if (place.name().isEmpty()) {
      throw refused("it replaces the layer's root");
    }
    return place.parent();
  }

  /**
   * The descriptor of a directory of the layer, valid until the next call; made if nothing is
   * there.
   */
  private int directory(String path) throws IOException {
    if (path.isEmpty()) {
      return root;
    }
    Integer known = open.get(path);
    if (known != null) {
      return known;
    }
    int file;
    try {
      file = calls.openInRoot(root, path);
    } catch (FileSystemCallFailed e) {
      // ENOTDIR may be a whiteout of this layer: what was below is gone, and this is new.
      boolean whitedOut = e.errno() == FileSystemCalls.ENOTDIR && !whiteouts.isEmpty();
      if (e.errno() != FileSystemCalls.ENOENT && !whitedOut) {
        throw e;
      }
      file = makeImplied(path);
    }
    open.put(path, file);
    if (open.size() > OPEN_DIRECTORY_COUNT_MAX) {
      var eldest = open.entrySet().iterator();
      calls.close(eldest.next().getValue());
      eldest.remove();
    }
    return file;
  }

  private int makeImplied(String path) throws IOException {
    int parent = calls.openInRoot(root, "");
    int start = 0;
    while (true) {
      int slash = path.indexOf('/', start);
      int end = slash < 0 ? path.length() : slash;
      try {
        makeImplied(parent, path.substring(start, end), path.substring(0, end));
      } finally {
        calls.close(parent);
      }
      parent = calls.openInRoot(root, path.substring(0, end));
      if (slash < 0) {
        return parent;
      }
      start = slash + 1;
    }
  }

  private void makeImplied(int parent, String name, String path) throws IOException {
    boolean replaces = whiteouts.remove(path) != null;
    if (replaces && !isDirectory(parent, name)) {
      calls.unlink(parent, name);
    }
    try {
      calls.makeDirectory(parent, name, IMPLIED_DIRECTORY_MODE);
      impliedDirectoryCount++;
    } catch (FileSystemCallFailed e) {
      if (e.errno() != FileSystemCalls.EEXIST) {
        throw e;
      }
    }
    if (replaces) {
      setOpaque(path);
    }
  }

  private boolean isDirectory(int parent, String name) throws IOException {
    try {
      calls.close(calls.openChildDirectory(parent, name));
      return true;
    } catch (FileSystemCallFailed e) {
      if (isGone(e)) {
        return false;
      }
      throw e;
    }
  }

  /**
   * Makes room at a place where something is already. Rethrows the failure if that was not the
   * reason for it.
   */
  private void clearPlace(int parent, Place place, FileSystemCallFailed failure)
      throws IOException {
    if (failure.errno() != FileSystemCalls.EEXIST) {
      throw failure;
    }
    try {
      calls.unlink(parent, place.name());
    } catch (FileSystemCallFailed e) {
      if (e.errno() != FileSystemCalls.EISDIR) {
        throw e;
      }
      calls.rename(parent, place.name(), replaced, Long.toString(replacedCount++));
    }
    forgetOpen(parent);
  }

  /** A directory or a link may be gone from under the paths that are kept open. */
  private void forgetOpen(int except) throws FileSystemCallFailed {
    var each = open.values().iterator();
    while (each.hasNext()) {
      int file = each.next();
      if (file != except) {
        calls.close(file);
        each.remove();
      }
    }
  }

  @Override
  public void close() throws FileSystemCallFailed {
    forgetOpen(root);
    calls.close(root);
    calls.close(replaced);
  }
}
