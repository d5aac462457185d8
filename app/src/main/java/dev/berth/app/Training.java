package dev.berth.app;

import dev.berth.cli.Berth;
import dev.berth.control.hosts.LogSink;
import dev.berth.control.secret.AesVault;
import dev.berth.logs.memory.MemoryLogStore;
import dev.berth.model.identity.Region;
import dev.berth.store.memory.MemoryStore;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/**
 * Touches what a server touches, without touching the machine, so that the virtual machine can keep
 * the loaded classes for the next start.
 */
final class Training {
  private Training() {}

  static void run(ServerCommand options) throws IOException {
    OperatorFiles.makeFolder(options.data);
    var store = new MemoryStore();
    var logs = new MemoryLogStore(InstantSource.system());
    try (var control =
            ControlPlane.over(
                store,
                LogSink.NONE,
                options.whenFull(),
                options.publicAddresses(),
                options.patience(),
                Optional.empty(),
                options.sessionValidity(),
                _ -> new AesVault(new byte[AesVault.KEY_BYTES], new SecureRandom()));
        var gateway =
            Server.serve(control, Services.of(control, logs), logs, Optional.empty(), 0)) {
      var key = control.accounts().first(options.accountId());
      var environment =
          Map.of(
              "AWS_ENDPOINT_URL", "http://127.0.0.1:" + gateway.port(),
              "AWS_REGION", new Region(options.region).value(),
              "AWS_ACCESS_KEY_ID", key.accessKeyId(),
              "AWS_SECRET_ACCESS_KEY", key.secretAccessKey());
      var commandLine = Berth.commandLine(environment, InstantSource.system());
      commandLine.execute("status");
      commandLine.execute("task", "ls");
      commandLine.execute("run", "--detach", "busybox", "true");
    }
  }
}
