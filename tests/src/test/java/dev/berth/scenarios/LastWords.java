package dev.berth.scenarios;

import java.util.function.Supplier;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/** Prints what a process said last when a test failed. */
final class LastWords implements TestWatcher {
  private final Supplier<String> words;

  LastWords(Supplier<String> words) {
    this.words = words;
  }

  @Override
  public void testFailed(ExtensionContext context, Throwable cause) {
    System.out.println(context.getDisplayName() + " failed; the last words:\n" + words.get());
  }
}
