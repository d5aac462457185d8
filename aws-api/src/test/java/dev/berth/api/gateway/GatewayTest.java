package dev.berth.api.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.berth.model.signature.RequestSigner;
import dev.berth.model.signature.SignableRequest.Header;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.ListTasksRequest;
import software.amazon.awssdk.services.ecs.model.ListTasksResponse;

/**
 * HTTP as it comes: connections, bodies, headers, and requests that no client of AWS would send.
 */
class GatewayTest {
  private static final String ECS_TARGET = "AmazonEC2ContainerServiceV20141113.";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final TestGateway gateway =
      new TestGateway(
          ServiceBinding.of("ecs")
              .on(
                  ListTasksRequest.class,
                  (_, request) ->
                      ListTasksResponse.builder()
                          .taskArns(List.of("family of " + request.family().length()))
                          .build())
              .build(),
          new JsonService(
              "berth",
              "Berth_20261123",
              Map.of(
                  "Echo",
                  (context, request) ->
                      JsonNodeFactory.instance
                          .objectNode()
                          .put("account", context.accountId())
                          .set("said", request),
                  "Refuse",
                  (_, _) -> {
                    throw new ApiException("HostNotFoundException", 404, "No such host.");
                  })));

  @AfterEach
  void stop() {
    http.close();
    gateway.close();
  }

  @Test
  void aBodyOfSomeMegabytesIsTaken() throws Exception {
    assertThat(listTasks("x".repeat(5_000_000)).body()).contains("family of 5000000");
  }

  @Test
  void aBodyWithoutALengthIsTaken() throws Exception {
    byte[] body = "{\"family\":\"abc\"}".getBytes(UTF_8);
    HttpRequest.Builder chunked =
        signed("ecs", ECS_TARGET + "ListTasks", body)
            .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)));

    assertThat(send(chunked).body()).contains("family of 3");
  }

  @Test
  void aBodyThatIsTooLargeIsRefused() throws Exception {
    HttpResponse<String> response = listTasks("x".repeat(9_000_000));

    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(response.body()).contains("RequestEntityTooLarge");
    assertThat(listTasks("x").statusCode()).as("the next request").isEqualTo(200);
  }

  @Test
  void aClientThatWaitsForContinueGetsIt() throws Exception {
    byte[] body = "{\"family\":\"abcd\"}".getBytes(UTF_8);
    HttpRequest.Builder request =
        signed("ecs", ECS_TARGET + "ListTasks", body)
            .expectContinue(true)
            .POST(BodyPublishers.ofByteArray(body));

    assertThat(send(request).body()).contains("family of 4");
  }

  @Test
  void oneConnectionCarriesManyRequests() throws Exception {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), gateway.uri().getPort())) {
      for (int i = 0; i < 3; i++) {
        socket
            .getOutputStream()
            .write("GET /_berth/health HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
        assertThat(readUntil(socket, "well")).startsWith("HTTP/1.1 200");
      }
    }
  }

  @Test
  void manyConnectionsAreServedAtOnce() throws Exception {
    List<Callable<Integer>> calls = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      // Some are large, of which only a few may be in memory.
      String family = "y".repeat(i % 20 == 0 ? 500_000 : 10);
      calls.add(() -> listTasks(family).statusCode());
    }
    try (var threads = Executors.newFixedThreadPool(64)) {
      for (Future<Integer> status : threads.invokeAll(calls)) {
        assertThat(status.get()).isEqualTo(200);
      }
    }
  }

  @Test
  void everyAnswerCarriesAnIdOfItsOwnAndTheProtocolsContentType() throws Exception {
    HttpResponse<String> first = listTasks("a");
    HttpResponse<String> second = listTasks("a");

    assertThat(first.headers().firstValue("x-amzn-RequestId"))
        .isPresent()
        .isNotEqualTo(second.headers().firstValue("x-amzn-RequestId"));
    assertThat(first.headers().firstValue("Content-Type")).contains("application/x-amz-json-1.1");
  }

  @Test
  void anUnsignedRequestIsRefusedInEachProtocol() throws Exception {
    HttpRequest.Builder json =
        HttpRequest.newBuilder(gateway.uri())
            .header("X-Amz-Target", ECS_TARGET + "ListTasks")
            .POST(BodyPublishers.ofString("{}"));
    HttpRequest.Builder query =
        HttpRequest.newBuilder(gateway.uri())
            .POST(BodyPublishers.ofString("Action=GetCallerIdentity&Version=2011-06-15"));

    assertThat(send(json).body()).contains("\"MissingAuthenticationTokenException\"");
    assertThat(send(query).body()).contains("<Code>MissingAuthenticationToken</Code>");
    assertThat(send(query).statusCode()).isEqualTo(403);
  }

  @Test
  void whatNobodyOffersIsRefusedClearly() throws Exception {
    assertThat(post("ecs", ECS_TARGET + "FlyToTheMoon", "{}").body())
        .contains("UnknownOperationException", "FlyToTheMoon");
    assertThat(post("sqs", "AmazonSQS.ListQueues", "{}").body())
        .contains("UnknownOperationException", "Berth does not offer the service of AmazonSQS");
    assertThat(post("iam", "", "Action=ListUsers&Version=2010-05-08").body())
        .contains("<Code>InvalidAction</Code>", "the service 'iam'");
    assertThat(post("sts", "", "Action=FlyToTheMoon&Version=2011-06-15").body())
        .contains("<Code>InvalidAction</Code>", "FlyToTheMoon");
    assertThat(post("sts", "", "Action=%zz").body()).contains("<Code>MalformedInput</Code>");
    assertThat(post("s3", "", "").statusCode()).isEqualTo(400);
  }

  @Test
  void aKeyForAnotherServiceIsRefused() throws Exception {
    assertThat(post("sts", ECS_TARGET + "ListTasks", "{}").body())
        .contains("InvalidSignatureException", "scoped to correct service: 'ecs'");
  }

  @Test
  void malformedJsonIsRefusedInTheWordsOfAws() throws Exception {
    assertThat(listTasksRaw("{\"family\":7}"))
        .contains("SerializationException", "NUMBER_VALUE can not be converted to a String");
    assertThat(listTasksRaw("{\"maxResults\":\"7\"}"))
        .contains("STRING_VALUE can not be converted to an Integer");
    assertThat(listTasksRaw("{\"family\":{}}"))
        .contains("Start of structure or map found where not expected");
    assertThat(listTasksRaw("{\"maxResults\":99999999999}")).contains("SerializationException");
    assertThat(listTasksRaw("{\"maxResults\":1e999999999}")).contains("SerializationException");
    assertThat(listTasksRaw("{\"x\":" + "9".repeat(100_000) + "}")).contains("Serialization");
    assertThat(listTasksRaw("{\"x\":" + "[".repeat(100_000))).contains("SerializationException");
    assertThat(listTasksRaw("{\"family\":\"a\"")).contains("SerializationException");
    assertThat(listTasksRaw("[]")).contains("SerializationException");
  }

  @Test
  void whatTheShapeDoesNotHaveIsIgnored() throws Exception {
    assertThat(listTasksRaw("{\"new\":{\"a\":[1,{}]},\"family\":\"abc\",\"cluster\":null}"))
        .contains("family of 3");
  }

  @Test
  void aPayloadMayBeUnsignedIfTheClientSignedThat() throws Exception {
    byte[] signedBody = new byte[0]; // Not what is sent; its hash is not looked at.
    var headers = new ArrayList<Header>();
    headers.add(new Header("X-Amz-Target", ECS_TARGET + "ListTasks"));
    headers.add(new Header("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD"));
    HttpRequest.Builder request =
        signed("ecs", headers, signedBody).POST(BodyPublishers.ofString("{\"family\":\"ab\"}"));

    assertThat(send(request).body()).contains("family of 2");
  }

  @Test
  void aServiceOfBerthsOwnSpeaksPlainJson() throws Exception {
    JsonNode answer = JSON.readTree(post("berth", "Berth_20261123.Echo", "{\"a\":[1]}").body());

    assertThat(answer.path("account").asText()).isEqualTo("123456789012");
    assertThat(answer.path("said").path("a").path(0).asInt()).isEqualTo(1);
    assertThat(post("berth", "Berth_20261123.Refuse", "{}"))
        .satisfies(
            refused -> {
              assertThat(refused.statusCode()).isEqualTo(404);
              assertThat(refused.body()).contains("HostNotFoundException", "No such host.");
            });
    assertThat(post("berth", "Berth_20261123.Nothing", "{}").body())
        .contains("UnknownOperationException");
    assertThat(post("berth", "Berth_20261123.Echo", "[").body()).contains("SerializationException");
    assertThat(post("ecs", "Berth_20261123.Echo", "{}").body())
        .contains("InvalidSignatureException");
  }

  private HttpResponse<String> listTasks(String family) throws Exception {
    return post("ecs", ECS_TARGET + "ListTasks", "{\"family\":\"" + family + "\"}");
  }

  private String listTasksRaw(String body) throws Exception {
    return post("ecs", ECS_TARGET + "ListTasks", body).body();
  }

  private HttpResponse<String> post(String service, String target, String body) throws Exception {
    return send(signed(service, target, body.getBytes(UTF_8)).POST(BodyPublishers.ofString(body)));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return http.send(request.timeout(Duration.ofSeconds(60)).build(), BodyHandlers.ofString());
  }

  private HttpRequest.Builder signed(String service, String target, byte[] body) {
    return signed(
        service, target.isEmpty() ? List.of() : List.of(new Header("X-Amz-Target", target)), body);
  }

  private HttpRequest.Builder signed(String service, List<Header> headers, byte[] body) {
    URI uri = gateway.uri().resolve("/");
    var request = HttpRequest.newBuilder(uri);
    headers.forEach(header -> request.header(header.name(), header.value()));
    new RequestSigner(TestGateway.CREDENTIALS, TestGateway.REGION, service)
        .sign("POST", uri, headers, body, Instant.now())
        .forEach(header -> request.header(header.name(), header.value()));
    return request;
  }

  private static String readUntil(Socket socket, String end) throws IOException {
    var text = new StringBuilder();
    byte[] buffer = new byte[4096];
    while (!text.toString().endsWith(end)) {
      int count = socket.getInputStream().read(buffer);
      if (count < 0) {
        throw new IOException("the connection ended after: " + text);
      }
      text.append(new String(Arrays.copyOf(buffer, count), UTF_8));
    }
    return text.toString();
  }
}
