package dev.berth.agent.image;

import dev.berth.agent.image.ImagePuller.Plan;
import dev.berth.agent.image.ImagePuller.Request;
import dev.berth.agent.image.registry.RegistryClient;
import dev.berth.agent.image.registry.RegistryCredentials;
import dev.berth.model.image.Digest;
import dev.berth.model.image.ImageException;
import dev.berth.model.image.ImageFailure;
import dev.berth.model.image.ImageReference;
import dev.berth.model.image.Platform;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The images of one host below one directory.
 *
 * <p>As Fargate does, a tag is resolved at its registry on every launch, and a digest that is here
 * costs nothing. A name that was given by {@link #load} wins over any registry. Blobs are not kept
 * once they are unpacked: nothing reads them again, and they would double the space. A digest that
 * is here is given to whoever names it: it is as good as a secret, but it is no access control.
 *
 * <p>Safe for many threads; methods block. One process a directory.
 */
public final class ImageStore implements AutoCloseable {
  /** Layers unpacked at the same time, over all pulls: more only make the disk seek. */
  public static final int LAYER_PARALLEL_MAX = 3;

  /**
   * Pulls at the same time; more wait. With the layers an image may have, this bounds the
   * unpackers' queue.
   */
  public static final int PULL_PARALLEL_MAX = 16;

  private static final int CLOSE_SECONDS = 5;
  private static final Logger LOG = LoggerFactory.getLogger(ImageStore.class);

  private final Object lock = new Object();
  private final ImageStoreSettings settings;
  private final StoreLayout layout;
  private final StagingArea staging;
  private final FileChannel rootLock;
  private final LayerStore layers;
  private final ImageCatalog catalog;
  private final Leases leases;
  private final ImagePuller puller;
  private final InstantSource clock;
  private final Semaphore pulls = new Semaphore(PULL_PARALLEL_MAX);
  private final ExecutorService unpackers =
      Executors.newFixedThreadPool(
          LAYER_PARALLEL_MAX, Thread.ofPlatform().daemon().name("image-unpack-", 0).factory());

  /**
   * One running and one waiting sync cover everything that was unpacked before the waiting one
   * starts.
   */
  private final ThreadPoolExecutor syncer =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(1),
          Thread.ofPlatform().daemon().name("image-sync").factory(),
          new ThreadPoolExecutor.DiscardPolicy());

  private ImageStore(
      StoreLayout layout,
      FileChannel rootLock,
      ImageStoreSettings settings,
      InstantSource clock,
      RandomGenerator random)
      throws IOException {
    this.layout = layout;
    this.rootLock = rootLock;
    this.settings = settings;
    this.clock = clock;
    this.staging = new StagingArea(layout.staging());
    staging.sweep();
    this.layers = LayerStore.open(layout, staging);
    this.catalog = ImageCatalog.open(layout, staging, layers, clock);
    this.leases = Leases.open(layout.leases());
    var registry = new RegistryClient(settings.registry(), clock, random);
    this.puller = new ImagePuller(registry, layers, layout, settings.limits(), unpackers);
  }

  /**
   * Opens or makes the store below a directory, and sweeps what a killed process left there.
   *
   * @throws IOException also if another process uses the directory
   */
  public static ImageStore open(
      Path root, ImageStoreSettings settings, InstantSource clock, RandomGenerator random)
      throws IOException {
    StoreLayout layout = StoreLayout.create(root);
    FileChannel rootLock =
        FileChannel.open(layout.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (rootLock.tryLock() == null) {
        throw new IOException("another process uses the image store " + root);
      }
      return new ImageStore(layout, rootLock, settings, clock, random);
    } catch (IOException | OverlappingFileLockException e) {
      rootLock.close();
      throw e instanceof IOException io
          ? io
          : new IOException("the image store is open already: " + root, e);
    }
  }

  /**
   * Makes an image ready to be mounted, pulling what is missing, and leases it to the owner.
   *
   * @throws ImageException with what to tell the user; nothing is leased then
   */
  public Image resolve(
      ImageReference reference,
      Platform platform,
      RegistryCredentials credentials,
      LeaseOwner owner,
      PullProgress progress)
      throws ImageException {
    var request = new Request(reference, platform, credentials, progress);
    Optional<Image> local = leaseLocal(request, owner);
    if (local.isPresent()) {
      ImagePuller.checkPlatform(local.get().description(), platform, reference.toString());
      return local.get();
    }
    Digest digest =
        reference.digest().isPresent() ? reference.digest().get() : puller.resolve(request);
    Optional<Image> known = leaseKnown(digest, platform, owner);
    if (known.isPresent()) {
      return known.get();
    }
    pulls.acquireUninterruptibly();
    try {
      return pull(request, digest, owner);
    } finally {
      pulls.release();
    }
  }

  private Optional<Image> leaseLocal(Request request, LeaseOwner owner) throws ImageException {
    synchronized (lock) {
      Optional<Image> named = catalog.byLocalName(request.reference());
      Optional<Image> image =
          named.isPresent()
              ? named
              : request
                  .reference()
                  .digest()
                  .flatMap(digest -> catalog.byDigest(digest, request.platform()));
      return leased(image, owner);
    }
  }

  private Optional<Image> leaseKnown(Digest digest, Platform platform, LeaseOwner owner)
      throws ImageException {
    synchronized (lock) {
      return leased(catalog.byDigest(digest, platform), owner);
    }
  }

  private Optional<Image> leased(Optional<Image> image, LeaseOwner owner) throws ImageException {
    if (image.isPresent()) {
      try {
        leases.add(owner, image.get().manifestDigest());
      } catch (IOException e) {
        throw storageFailed(e);
      }
    }
    return image;
  }

  private Image pull(Request request, Digest digest, LeaseOwner owner) throws ImageException {
    Plan plan = puller.plan(request, digest);
    synchronized (lock) {
      leases.pin(plan.description().diffIds());
    }
    try {
      puller.fetchLayers(request, plan);
      Image image;
      synchronized (lock) {
        image = catalog.add(plan.manifest(), plan.description(), plan.rawConfig());
        if (!plan.requested().equals(plan.manifest())) {
          catalog.nameIndexEntry(plan.requested(), request.platform(), plan.manifest());
        }
        leases.add(owner, plan.manifest());
      }
      syncer.execute(this::syncInBackground);
      return image;
    } catch (ImageException e) {
      throw e;
    } catch (IOException e) {
      throw storageFailed(e);
    } finally {
      synchronized (lock) {
        leases.unpin(plan.description().diffIds());
      }
    }
  }

  private void syncInBackground() {
    try {
      layers.sync();
    } catch (IOException e) {
      // Costs nothing but another pull after a power cut.
      LOG.atWarn().addKeyValue("root", layout.root()).setCause(e).log("image layers not synced");
    }
  }

  /** An image that {@link #load} took in, and the names it got. */
  public record Loaded(Digest manifestDigest, List<ImageReference> names) {
    public Loaded {
      names = List.copyOf(names);
    }
  }

  /**
   * Takes in the images of an archive: OCI layout or docker save, as tar, gzipped or zstd. On disk
   * when it returns.
   *
   * @param name for the archive's only image, in place of the names in the archive
   * @param platform of which images are taken
   */
  public List<Loaded> load(Path archive, Optional<ImageReference> name, Platform platform)
      throws ImageException {
    pulls.acquireUninterruptibly();
    try {
      return new ArchiveLoad(staging, layers, settings.limits(), unpackers, this::addLoaded)
          .load(archive, name, platform);
    } finally {
      pulls.release();
    }
  }

  /** Layers are pinned while they are unpacked, so that no sweep comes between. */
  private void addLoaded(
      ArchiveLoader.Found found, List<ImageReference> names, ArchiveLoad.Step unpack)
      throws IOException {
    List<Digest> diffIds = found.description().diffIds();
    synchronized (lock) {
      leases.pin(diffIds);
    }
    try {
      unpack.run();
      synchronized (lock) {
        catalog.add(found.manifest(), found.description(), found.rawConfig());
        for (ImageReference each : names) {
          catalog.nameLocally(each, found.manifest());
        }
      }
    } finally {
      synchronized (lock) {
        leases.unpin(diffIds);
      }
    }
  }

  /**
   * Leases an image that is here; false if it is not. For an owner adopted after a restart it
   * changes nothing.
   */
  public boolean lease(Digest manifestDigest, LeaseOwner owner) throws ImageException {
    synchronized (lock) {
      Optional<Image> image =
          Optional.ofNullable(catalog.images().get(manifestDigest)).map(ImageCatalog.Entry::image);
      return leased(image, owner).isPresent();
    }
  }

  /** An image that is here, by its manifest's digest. */
  public Optional<Image> find(Digest manifestDigest) {
    synchronized (lock) {
      return Optional.ofNullable(catalog.images().get(manifestDigest))
          .map(ImageCatalog.Entry::image);
    }
  }

  /** Ends all leases of an owner. One without leases is no error. */
  public void release(LeaseOwner owner) throws ImageException {
    synchronized (lock) {
      try {
        leases.release(owner);
      } catch (IOException e) {
        throw storageFailed(e);
      }
    }
  }

  /**
   * Everybody who holds a lease, so that owners that are no more can be released after a restart.
   */
  public Set<LeaseOwner> owners() {
    synchronized (lock) {
      return leases.owners();
    }
  }

  /** Names given by load, with the manifests that they lead to. */
  public Map<String, Digest> localNames() {
    synchronized (lock) {
      return catalog.localNames();
    }
  }

  /**
   * Takes a local name back; the image goes with the next sweep that needs its space. False if
   * there was none.
   */
  public boolean forgetLocalName(ImageReference reference) throws ImageException {
    synchronized (lock) {
      try {
        return catalog.forgetLocalName(reference);
      } catch (IOException e) {
        throw storageFailed(e);
      }
    }
  }

  /** What a sweep did. */
  public record Swept(int layerCount, long bytesFreed, long bytesLeft) {}

  /**
   * Deletes layers that no image needs and, while the rest is over the budget, the longest unused
   * images. Never what is leased, being pulled, or has a local name: nothing could bring that back.
   */
  public Swept sweep() throws ImageException {
    try {
      return new Sweep(catalog, layers, leases, staging, layout, lock)
          .run(settings.layerBytesMax(), clock.instant());
    } catch (IOException e) {
      throw storageFailed(e);
    }
  }

  private static ImageException storageFailed(IOException e) {
    return new ImageException(new ImageFailure.StorageFailed(e.toString()), e);
  }

  /** Stops work in progress, waits a little for its threads, and lets the directory go. */
  @Override
  public void close() throws IOException {
    unpackers.shutdownNow();
    syncer.shutdown();
    try {
      boolean ended =
          unpackers.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)
              && syncer.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
      if (!ended) {
        LOG.atWarn()
            .addKeyValue("root", layout.root())
            .log("image store closed with work going on");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      rootLock.close();
    }
  }
}
