package dev.berth.agent.image;

import dev.berth.model.image.Digest;

/** Told how a pull goes on, from several threads. Must return at once. */
@FunctionalInterface
public interface PullProgress {
  PullProgress NONE = (_, _, _) -> {};

  /**
   * More of a layer is here.
   *
   * @param bytesDone of the compressed blob; equal to {@code bytesTotal} when the layer is complete
   */
  void onLayer(Digest blob, long bytesDone, long bytesTotal);
}
