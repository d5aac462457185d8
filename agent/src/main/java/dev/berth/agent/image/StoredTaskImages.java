package dev.berth.agent.image;

import dev.berth.agent.image.registry.RegistryCredentials;
import dev.berth.model.image.ImageReference;
import dev.berth.model.image.Platform;
import dev.berth.model.task.TaskId;
import java.io.IOException;
import java.util.Set;
import java.util.stream.Collectors;

/** Tasks' images in this host's store, pulled by nobody in particular. */
public final class StoredTaskImages implements TaskImages {
  private final ImageStore store;
  private final Platform platform;

  public StoredTaskImages(ImageStore store, Platform platform) {
    this.store = store;
    this.platform = platform;
  }

  @Override
  public TaskImage resolve(TaskId task, String reference) throws IOException {
    var image =
        store.resolve(
            ImageReference.parse(reference),
            platform,
            RegistryCredentials.ANONYMOUS,
            owner(task),
            PullProgress.NONE);
    return new TaskImage(
        image.manifestDigest().toString(), image.config(), image.layerDirectories());
  }

  @Override
  public void release(TaskId task) throws IOException {
    store.release(owner(task));
  }

  @Override
  public Set<TaskId> list() {
    return store.owners().stream()
        .map(LeaseOwner::value)
        .filter(TaskId::isForm)
        .map(TaskId::new)
        .collect(Collectors.toSet());
  }

  private static LeaseOwner owner(TaskId task) {
    return new LeaseOwner(task.value());
  }
}
