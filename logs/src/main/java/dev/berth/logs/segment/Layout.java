package dev.berth.logs.segment;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** The files of a store. */
record Layout(Path directory) {
  private static final String JOURNAL = "journal-";
  private static final String JOURNAL_END = ".log";
  private static final String SEGMENT_END = ".seg";
  private static final int DIGIT_COUNT_MAX = 18;

  Path catalog() {
    return directory.resolve("catalog.log");
  }

  Path lock() {
    return directory.resolve("lock");
  }

  Path journal(long number) {
    return directory.resolve("%s%012d%s".formatted(JOURNAL, number, JOURNAL_END));
  }

  Path group(long group) {
    return directory.resolve("g" + group);
  }

  Path segment(long group, long number) {
    return group(group).resolve("%012d%s".formatted(number, SEGMENT_END));
  }

  /** The journals' numbers, the oldest first. */
  List<Long> journals() throws IOException {
    return numbers(directory, JOURNAL, JOURNAL_END);
  }

  List<Long> segments(long group) throws IOException {
    return numbers(group(group), "", SEGMENT_END);
  }

  List<Long> groups() throws IOException {
    return numbers(directory, "g", "");
  }

  private static List<Long> numbers(Path folder, String start, String end) throws IOException {
    var numbers = new ArrayList<Long>();
    try (var files = Files.newDirectoryStream(folder)) {
      for (var file : files) {
        var name = file.getFileName().toString();
        if (name.startsWith(start) && name.endsWith(end)) {
          number(name.substring(start.length(), name.length() - end.length()))
              .ifPresent(numbers::add);
        }
      }
    }
    numbers.sort(null);
    return numbers;
  }

  private static OptionalLong number(String text) {
    return !text.isEmpty()
            && text.length() <= DIGIT_COUNT_MAX
            && text.chars().allMatch(Character::isDigit)
        ? OptionalLong.of(Long.parseLong(text))
        : OptionalLong.empty();
  }

  /** Makes what was done in a folder outlast a power cut. */
  static void sync(Path folder) throws IOException {
    try (var channel = FileChannel.open(folder)) {
      channel.force(true);
    }
  }

  /** Removes a group's folder, which has files alone. */
  void removeGroup(long group) throws IOException {
    Path folder = group(group);
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (var files = Files.newDirectoryStream(folder)) {
      for (var file : files) {
        Files.deleteIfExists(file);
      }
    }
    Files.deleteIfExists(folder);
  }
}
