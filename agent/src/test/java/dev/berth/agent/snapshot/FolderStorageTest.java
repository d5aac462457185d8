package dev.berth.agent.snapshot;

/** Plain folders. */
final class FolderStorageTest extends TaskStorageConformance {
  @Override
  TaskStorage openAgain() throws Exception {
    return new FolderStorage(folder.resolve("tasks"));
  }
}
