package dev.berth.app;

import dev.berth.api.berth.ImageRoutes;
import dev.berth.api.berth.OperatorService;
import dev.berth.api.gateway.Gateway;
import dev.berth.control.secret.AesVault;
import dev.berth.link.grpc.LinkClient;
import dev.berth.link.grpc.LinkClientSettings;
import dev.berth.link.grpc.LinkServer;
import dev.berth.link.grpc.LinkServerSettings;
import dev.berth.logs.LogStore;
import dev.berth.logs.segment.SegmentLogStore;
import dev.berth.store.Store;
import dev.berth.store.embedded.EmbeddedStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** One process: control plane, endpoint, and the agent of this machine over the in-process link. */
final class Server {
  private static final Logger LOG = LoggerFactory.getLogger(Server.class);
  private static final String HOST = "127.0.0.1";
  private static final String LINK_NAME = "berth";

  private Server() {}

  /** Runs until the process is killed: there is no other end. */
  static void run(ServerCommand options) throws IOException, InterruptedException {
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    Path data = options.data.toAbsolutePath();
    OperatorFiles.makeFolder(data);
    Store store = EmbeddedStore.open(data.resolve("state"));
    LogStore logs = SegmentLogStore.open(data.resolve("logs"), InstantSource.system());
    LogRetention.start(logs);
    var control =
        ControlPlane.over(
            store,
            new StoredLogs(logs, InstantSource.system()),
            options.whenFull(),
            options.publicAddresses(),
            options.patience(),
            options.s3.settings().map(s3 -> new S3Objects(s3, InstantSource.system())),
            options.sessionValidity(),
            needed -> new AesVault(VaultKey.open(data, needed), new SecureRandom()));
    var key = control.accounts().first(options.accountId());
    String token = OperatorFiles.linkToken(data);
    var link = new LinkServer(new LinkServerSettings(token), control.hosts());
    link.listenInProcess(LINK_NAME);
    if (options.linkPort != 0) {
      link.listenTcp(new InetSocketAddress(InetAddress.getLoopbackAddress(), options.linkPort));
    }
    var services = Services.of(control, logs);
    Gateway taskApi = serveTasks(control, services, options.taskApiPort);
    Optional<LocalHost> host = Optional.empty();
    if (!options.withoutAgent) {
      var local =
          LocalHost.open(
              data.resolve("agent"),
              options.host,
              Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), taskApi.port())));
      host = Optional.of(local);
      LinkClient.inProcess(
          LINK_NAME, new LinkClientSettings(token), local.agent(), new SecureRandom());
    }
    Gateway gateway = serve(control, services, logs, host, options.port);
    String endpoint = "http://" + HOST + ":" + gateway.port();
    OperatorFiles.writeOperator(
        data,
        endpoint,
        options.firstRegion().value(),
        new OperatorFiles.Key(key.account().value(), key.accessKeyId(), key.secretAccessKey()));
    LOG.atInfo().addKeyValue("endpoint", endpoint).log("ready");
    new CountDownLatch(1).await();
  }

  /** The endpoint with all its services. */
  static Gateway serve(
      ControlPlane control, Services services, LogStore logs, Optional<LocalHost> host, int port) {
    var clock = InstantSource.system();
    var images = host.map(LocalImages::new);
    var operator =
        new OperatorService(
            control.ledger(),
            control.accounts(),
            control.hosts(),
            control.changes(),
            services.networks(),
            logs,
            images.map(i -> i),
            control.environmentFiles(),
            version());
    return Gateway.start(
        new Gateway.Settings(HOST, port, Gateway.Settings.USUAL_BODY_BYTES_MAX),
        control.keys(),
        clock,
        new Gateway.Offer(
            services.aws(),
            List.of(operator.service()),
            new ImageRoutes(control.keys(), clock, images.map(i -> i))));
  }

  /** AWS's services alone, for whoever is inside a VPC: nothing of an operator's. */
  private static Gateway serveTasks(ControlPlane control, Services services, int port) {
    return Gateway.start(
        new Gateway.Settings(HOST, port, Gateway.Settings.USUAL_BODY_BYTES_MAX),
        control.keys(),
        InstantSource.system(),
        new Gateway.Offer(services.aws(), List.of(), _ -> {}));
  }

  private static String version() {
    String version = Server.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
