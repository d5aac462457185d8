package dev.berth.api.gateway;

import dev.berth.api.sts.StsOperations;
import dev.berth.model.signature.AccessKey;
import dev.berth.model.signature.AccessKeys;
import dev.berth.model.signature.Credentials;
import dev.berth.model.signature.Principal;
import io.helidon.webserver.http.HttpRules;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.client.config.SdkAdvancedClientOption;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsAsyncClient;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.sts.StsClient;

/** A gateway on a free port of loopback, with one key, and the real clients to talk to it. */
public final class TestGateway implements AutoCloseable {
  static final Credentials CREDENTIALS = new Credentials("AKIATESTTESTTEST", "a/secret+key");
  public static final Principal PRINCIPAL = new Principal.Root("123456789012");
  public static final String REGION = "lab-9";

  /** What the gateway's clock shows; by default the right time. */
  final AtomicReference<InstantSource> clock = new AtomicReference<>(InstantSource.system());

  private final Gateway gateway;

  public TestGateway(ServiceBinding ecs, JsonService... own) {
    this(List.of(ecs, StsOperations.binding()), own);
  }

  public TestGateway(List<ServiceBinding> services, JsonService... own) {
    this(services, TestGateway::onlyKey, own);
  }

  /** Serves whoever these keys know. */
  TestGateway(List<ServiceBinding> services, AccessKeys keys, JsonService... own) {
    var offer = new Gateway.Offer(services, List.of(own), TestGateway::routes);
    var settings = new Gateway.Settings("127.0.0.1", 0, Gateway.Settings.USUAL_BODY_BYTES_MAX);
    gateway = Gateway.start(settings, keys, this::now, offer);
  }

  private static Optional<AccessKey> onlyKey(String id, String sessionToken) {
    return id.equals(CREDENTIALS.accessKeyId())
        ? Optional.of(new AccessKey(CREDENTIALS, PRINCIPAL))
        : Optional.empty();
  }

  private Instant now() {
    return clock.get().instant();
  }

  private static void routes(HttpRules rules) {
    rules.get("/_berth/health", (_, response) -> response.send("well"));
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + gateway.port());
  }

  public EcsClient ecs() {
    return configured(EcsClient.builder(), CREDENTIALS).build();
  }

  EcsClient ecs(Credentials credentials) {
    return configured(EcsClient.builder(), credentials).build();
  }

  public Ec2Client ec2() {
    return ec2(CREDENTIALS);
  }

  Ec2Client ec2(Credentials credentials) {
    return configured(Ec2Client.builder(), credentials).build();
  }

  StsClient sts() {
    return configured(StsClient.builder(), CREDENTIALS).build();
  }

  StsClient sts(Credentials credentials) {
    return configured(StsClient.builder(), credentials).build();
  }

  public CloudWatchLogsClient logs() {
    return configured(CloudWatchLogsClient.builder(), CREDENTIALS).build();
  }

  /**
   * The only client that has StartLiveTail. It puts {@code streaming-} before the host's name, also
   * of an endpoint that it was given, unless it is told not to.
   */
  public CloudWatchLogsAsyncClient liveLogs() {
    return configured(CloudWatchLogsAsyncClient.builder(), CREDENTIALS)
        .overrideConfiguration(
            c -> c.putAdvancedOption(SdkAdvancedClientOption.DISABLE_HOST_PREFIX_INJECTION, true))
        .build();
  }

  public SecretsManagerClient secrets() {
    return secrets(CREDENTIALS);
  }

  SecretsManagerClient secrets(Credentials credentials) {
    return configured(SecretsManagerClient.builder(), credentials).build();
  }

  public SsmClient ssm() {
    return configured(SsmClient.builder(), CREDENTIALS).build();
  }

  private <B extends AwsClientBuilder<B, ?>> B configured(B builder, Credentials credentials) {
    if (builder instanceof AwsSyncClientBuilder<?, ?> blocking) {
      blocking.httpClientBuilder(UrlConnectionHttpClient.builder());
    }
    return builder
        .endpointOverride(uri())
        .region(Region.of(REGION))
        .overrideConfiguration(c -> c.retryStrategy(DefaultRetryStrategy.doNotRetry()))
        .credentialsProvider(StaticCredentialsProvider.create(ofSdk(credentials)));
  }

  private static AwsCredentials ofSdk(Credentials credentials) {
    String id = credentials.accessKeyId();
    String secret = credentials.secretAccessKey();
    return credentials.sessionToken().isEmpty()
        ? AwsBasicCredentials.create(id, secret)
        : AwsSessionCredentials.create(id, secret, credentials.sessionToken());
  }

  /** The AWS CLI, pointed here; it neither retries nor reads anyone's configuration. */
  public ProcessBuilder cli(String... arguments) {
    var command = new ArrayList<>(List.of("aws", "--endpoint-url", uri().toString()));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder
        .environment()
        .putAll(
            Map.of(
                "AWS_ACCESS_KEY_ID",
                CREDENTIALS.accessKeyId(),
                "AWS_SECRET_ACCESS_KEY",
                CREDENTIALS.secretAccessKey(),
                "AWS_DEFAULT_REGION",
                REGION,
                "AWS_REGION",
                REGION,
                "AWS_MAX_ATTEMPTS",
                "1",
                "AWS_CONFIG_FILE",
                "/dev/null",
                "AWS_SHARED_CREDENTIALS_FILE",
                "/dev/null"));
    return builder;
  }

  @Override
  public void close() {
    gateway.close();
  }
}
