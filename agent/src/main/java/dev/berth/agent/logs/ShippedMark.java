package dev.berth.agent.logs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How far a container's output is stored, in a small file beside it. It may be behind the store,
 * never before it: the store has the last word.
 *
 * @param complete nothing follows
 * @param gap what was given up behind the offset
 */
record ShippedMark(long offset, boolean complete, OutputGap gap) {
  static final ShippedMark START = new ShippedMark(0, false, OutputGap.NONE);

  private static final Pattern FORM =
      Pattern.compile("(\\d{1,18})( complete)?(?: gap (\\d{1,18}) (\\d{1,18}))?");

  static Path file(Path output) {
    return output.resolveSibling(output.getFileName() + ".shipped");
  }

  /** Empty where there is none yet. */
  static Optional<ShippedMark> read(Path output) throws IOException {
    try {
      var found = FORM.matcher(Files.readString(file(output)).strip());
      if (!found.matches()) {
        throw new IOException(file(output) + " holds no offset");
      }
      var gap =
          found.group(3) == null
              ? OutputGap.NONE
              : new OutputGap(Long.parseLong(found.group(3)), Long.parseLong(found.group(4)));
      return Optional.of(
          new ShippedMark(Long.parseLong(found.group(1)), found.group(2) != null, gap));
    } catch (NoSuchFileException none) {
      return Optional.empty();
    }
  }

  /** Replaces the file as a whole. */
  void write(Path output) throws IOException {
    var fresh = output.resolveSibling(output.getFileName() + ".shipped.new");
    var text =
        offset
            + (complete ? " complete" : "")
            + (gap.isEmpty() ? "" : " gap " + gap.from() + " " + gap.until());
    Files.writeString(fresh, text + "\n");
    Files.move(
        fresh, file(output), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
