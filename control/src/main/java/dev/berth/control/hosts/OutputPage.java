package dev.berth.control.hosts;

import dev.berth.link.message.ToControl;
import java.time.Instant;
import java.util.List;

/**
 * A piece of a container's output.
 *
 * @param nextOffset from where to read on
 * @param end nothing follows
 */
public record OutputPage(List<Line> lines, long nextOffset, boolean end) {
  public OutputPage {
    lines = List.copyOf(lines);
  }

  /**
   * A line, or a part of one.
   *
   * @param stream {@code stdout} or {@code stderr}
   * @param partial the writer has not ended the line here
   */
  public record Line(Instant at, String stream, String text, boolean partial) {}

  static OutputPage of(ToControl.Output output) {
    return new OutputPage(
        output.lines().stream()
            .map(line -> new Line(line.at(), line.stream(), line.text(), line.partial()))
            .toList(),
        output.nextOffset(),
        output.end());
  }
}
