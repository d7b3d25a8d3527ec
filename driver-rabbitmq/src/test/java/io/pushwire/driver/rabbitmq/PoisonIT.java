package io.pushwire.driver.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pushwire.api.Target;
import io.pushwire.core.Counters;
import io.pushwire.testkit.RabbitMqServer;
import io.pushwire.testkit.TestConnection;
import io.pushwire.testkit.TestNode;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages in an ingress queue that might hold up those behind them, or mean harm. */
class PoisonIT {
  private static final String UNREADABLE = "'x-pw-type': 'video'";

  private final RabbitMqServer server = RabbitMqServer.shared();
  private final Nodes nodes = new Nodes(server);
  private TestNode node;
  private TestConnection client;

  @BeforeEach
  void open() {
    // not the user that the producers are
    server.eval(
        "catch rabbit_auth_backend_internal:add_user(<<\"node\">>, <<\"node\">>, <<\"kit\">>),"
            + " rabbit_auth_backend_internal:set_permissions(<<\"node\">>, <<\"/\">>,"
            + " <<\".*\">>, <<\".*\">>, <<\".*\">>, <<\"kit\">>)");
    node = nodes.open("uri", "amqp://node:node@127.0.0.1:" + server.port());
    client = node.connect("ann");
  }

  @AfterEach
  void close() {
    nodes.close();
  }

  @Test
  void headersThatFillAFrameDoNotEndThePublisher() {
    send("b'x'", "headers={" + UNREADABLE + ", 'big': 'y' * 130900}");
    assertIsBuriedAndTheRestFlows("len(body), len(properties.headers)", "1 1");
  }

  @Test
  void theProducersUserIdIsNotSentAsOurs() {
    send("b'x'", "user_id='guest', headers={" + UNREADABLE + "}");
    assertIsBuriedAndTheRestFlows(
        "properties.user_id, properties.headers['x-pw-type']", "None video");
  }

  @Test
  void copiesToOtherQueuesAreNotMadeAgain() {
    send("b'x'", "headers={" + UNREADABLE + ", 'CC': [queue], 'BCC': [queue]}");
    assertIsBuriedAndTheRestFlows("'CC' in properties.headers", "False");
  }

  @Test
  void ofABodyThatIsFarTooLargeTheBeginningIsKept() {
    send("b'x' * (65 << 20)", "");
    assertIsBuriedAndTheRestFlows("len(body)", Integer.toString(DeadLetter.MAX_BODY));
  }

  @Test
  void theQueueOfTheDeadMayBeDeleted() {
    send("b'x'", "headers={" + UNREADABLE + "}");
    await().until(() -> node.counters().deadCount() == 1);
    Pika.run(server, dead(), "channel.queue_delete(queue)");
    send("b'y'", "headers={" + UNREADABLE + "}");
    await().until(() -> node.counters().deadCount() == 2);
    assertThat(takeDead("body")).isEqualTo("b'y'");
  }

  /** What nodes tell each other, overheard and sent again, changes nothing and is counted. */
  @Test
  void aControlEnvelopeIsRefusedFromAProducer() {
    String forged =
        """
        overheard = channel.queue_declare('', exclusive=True).method.queue
        channel.queue_bind(overheard, queue.replace('ws.notice', 'nodes'))
        for method, properties, body in channel.consume(overheard, auto_ack=True):
          break
        print(body[0] == 0xf7)
        channel.basic_publish('', queue, body)
        channel.basic_publish('', queue, body, pika.BasicProperties(
            headers={'x-pw-to': '{"user":"ann"}'}))
        channel.basic_publish('', queue, b'PW1 {"to":{"nodes":true}}\\n' + body)
        channel.basic_publish('', queue, b'PW1 {"to":{"everyone":true}}\\n' + body)
        channel.basic_publish('', queue, body[:2])
        """;
    assertThat(Pika.run(server, nodes.notices(), forged).strip()).isEqualTo("True");
    send("b'next'", "");
    client.await("next");
    // behind a line it is only bytes, and those are everyone's
    assertThat(client.frames()).hasSize(2);
    assertThat(client.texts()).containsExactly("next");
    await().until(() -> node.counters().deadCount() == 4);
    assertThat(node.counters().droppedCount(Counters.Reason.FORBIDDEN)).isEqualTo(3);
    assertThat(node.counters().droppedCount(Counters.Reason.MALFORMED)).isEqualTo(1);
    assertThat(node.registry().nodes()).hasSize(1);
  }

  /**
   * @param what of the dead message, in Python, and what it should be
   */
  private void assertIsBuriedAndTheRestFlows(String what, String expected) {
    send("b'next'", "");
    client.await("next");
    await().atMost(Duration.ofSeconds(20)).until(() -> node.counters().deadCount() >= 1);
    // it is not read again, and our own messages flow
    node.send(Target.user("ann"), "own");
    send("b'last'", "");
    client.await("last");
    assertThat(node.counters().deadCount()).isEqualTo(1);
    assertThat(node.counters().droppedCount(Counters.Reason.MALFORMED)).isEqualTo(1);
    assertThat(client.texts()).containsExactly("next", "own", "last");
    assertThat(takeDead(what)).isEqualTo(expected);
  }

  private String dead() {
    return nodes.notices() + IngressConsumer.DEAD;
  }

  private String takeDead(String what) {
    String script = "method, properties, body = channel.basic_get(queue, auto_ack=True); print(%s)";
    return Pika.run(server, dead(), script.formatted(what)).strip();
  }

  private void send(String body, String properties) {
    String script =
        "channel.basic_publish('', queue, %s, pika.BasicProperties(%s))"
            .formatted(body, properties);
    Pika.run(server, nodes.notices(), script);
  }
}
