package io.pushwire.example.business;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/**
 * The two ways to people's browsers: a request over HTTP, which is answered when the message is on
 * its way, and a message to the queue that all of the company's programs may write to.
 */
final class Gateway implements AutoCloseable {
  private static final String QUEUE = "ws.notice";

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();
  private final List<URI> nodes;
  private final Connection broker;
  private final Channel channel; // not for two threads at once

  private Gateway(List<URI> nodes, Connection broker, Channel channel) {
    this.nodes = nodes;
    this.broker = broker;
    this.channel = channel;
  }

  static Gateway open(List<URI> nodes, URI broker)
      throws IOException, TimeoutException, GeneralSecurityException, URISyntaxException {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(broker);
    Connection connection = factory.newConnection("business");
    Channel channel = connection.createChannel();
    channel.queueDeclare(QUEUE, true, false, false, null);
    return new Gateway(nodes, connection, channel);
  }

  /**
   * Tells a user, by whichever node takes it.
   *
   * @param id of the message: who gets it twice within a minute, as when the first answer was lost,
   *     sees it once
   */
  void tell(String user, String id, String json) throws IOException, InterruptedException {
    String body = "{\"to\":{\"user\":\"%s\"},\"id\":\"%s\",\"json\":%s}".formatted(user, id, json);
    IOException failure = new IOException("There is no node");
    for (URI node : nodes) {
      HttpRequest request =
          HttpRequest.newBuilder(node.resolve("/v1/messages"))
              .timeout(Duration.ofSeconds(5))
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString(body))
              .build();
      try {
        HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
        if (answer.statusCode() == 202) {
          return;
        }
        failure = new IOException(node + " answered " + answer.body());
      } catch (IOException e) {
        failure = new IOException(node + " does not answer", e);
      }
    }
    throw failure;
  }

  /** Tells a user, by the queue. */
  void noticeTo(String user, String json) throws IOException {
    publish(json, Map.of("x-pw-to", "{\"user\":\"" + user + "\"}"));
  }

  /** Tells everyone, by the queue. */
  void notice(String json) throws IOException {
    publish(json, Map.of());
  }

  private synchronized void publish(String json, Map<String, Object> headers) throws IOException {
    AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder().headers(headers).build();
    channel.basicPublish("", QUEUE, properties, json.getBytes(UTF_8));
  }

  @Override
  public void close() throws IOException {
    broker.close();
  }
}
