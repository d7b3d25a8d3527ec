package io.pushwire.driver.rabbitmq;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.pushwire.api.Payload;
import io.pushwire.api.Target;
import io.pushwire.core.Counters;
import io.pushwire.testkit.RabbitMqServer;
import io.pushwire.testkit.TestConnection;
import io.pushwire.testkit.TestNode;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What programs do that know nothing of Pushwire, by tools that are not Java. */
class IngressIT {
  private final RabbitMqServer server = RabbitMqServer.shared();
  private final Nodes nodes = new Nodes(server);

  @AfterEach
  void close() {
    nodes.close();
  }

  @Test
  void aRawTextReachesEachClientOfEachNodeOnce() {
    List<TestConnection> clients =
        IntStream.range(0, 3).mapToObj(i -> nodes.open().connect("u" + i)).toList();
    for (int i = 0; i < 20; i++) {
      server.publish("", nodes.notices(), ("notice " + i).getBytes(UTF_8));
    }
    List<String> expected = IntStream.range(0, 20).mapToObj(i -> "notice " + i).toList();
    for (TestConnection client : clients) {
      client.await(20);
    }
    // behind them, on the same way: what came twice would have come before
    nodes.open().send(Target.everyone(), "end");
    for (TestConnection client : clients) {
      client.await("end");
      assertThat(client.texts()).startsWith(expected.toArray(String[]::new)).hasSize(21);
    }
  }

  @Test
  void aHeaderSaysWhomItIsForAndWhatItIs() {
    TestNode node = nodes.open();
    TestConnection ann = node.connect("ann", "orders");
    TestConnection bob = node.connect("bob");
    send("b'to bob'", "headers={'x-pw-to': '{\"user\":\"bob\"}'}");
    send("b'to both'", "headers={'x-pw-to': '{\"users\":[\"ann\",\"bob\"]}'}");
    send("b'ordered'", "headers={'x-pw-to': '{\"topic\":\"orders\"}', 'x-pw-type': 'binary'}");
    send("b'PW1 {\"to\":{\"user\":\"ann\"}}\\nline'", "headers={'x-pw-type': 'text'}");
    send("b'all'", "");
    bob.await("all");
    ann.await("all");
    assertThat(bob.texts()).containsExactly("to bob", "to both", "all");
    assertThat(ann.frames())
        .extracting(io.pushwire.api.Envelope::payload)
        .containsExactly(
            Payload.text("to both"),
            Payload.binary("ordered".getBytes(UTF_8)),
            Payload.text("line"),
            Payload.text("all"));
  }

  @Test
  void amqpPublishCanSetTheHeadersToo() {
    TestConnection bob = nodes.open().connect("bob");
    server.publish(
        "", nodes.notices(), "hello".getBytes(UTF_8), "-H", "x-pw-to: {\"user\":\"bob\"}");
    bob.await("hello");
  }

  @Test
  void aMessageIdMakesRepeatsRecognisable() {
    TestConnection client = nodes.open().connect("ann");
    nodes.open().connect("bob");
    send("b'paid'", "message_id='order-17'");
    send("b'paid'", "message_id='order-17'");
    send("b'shipped'", "message_id='order-18'");
    client.await("shipped");
    assertThat(client.texts()).containsExactly("paid", "shipped");
  }

  @Test
  void whatIsTooOldIsNotDelivered() {
    TestNode node = nodes.open();
    TestConnection client = node.connect("ann");
    send("b'fresh'", "expiration='60000'");
    client.await("fresh");
    assertThat(client.frames().get(0).ttl())
        .hasValueSatisfying(ttl -> assertThat(ttl).hasSeconds(60));
  }

  @Test
  void aQueueThatIsThereIsUsedAsItIs() {
    Pika.run(server, nodes.notices(), "channel.queue_declare(queue, durable=False)");
    TestConnection client = nodes.open().connect("ann");
    TestConnection other = nodes.open().connect("bob");
    Pika.run(
        server,
        nodes.notices(),
        "channel.queue_declare(queue, durable=False); channel.basic_publish('', queue, b'demo')");
    client.await("demo");
    other.await("demo");
  }

  @Test
  void aQuorumQueueIsUsedAsItIs() {
    String declare =
        "channel.queue_declare(queue, durable=True, arguments={'x-queue-type': 'quorum'})";
    Pika.run(server, nodes.notices(), declare);
    TestConnection client = nodes.open().connect("ann");
    Pika.run(server, nodes.notices(), declare + "; channel.basic_publish('', queue, b'demo')");
    client.await("demo");
  }

  @Test
  void phpSendsToo() throws Exception {
    TestConnection client = nodes.open().connect("ann");
    String script =
        "$c = new AMQPConnection(['port' => %d]); $c->connect();".formatted(server.port())
            + " (new AMQPExchange(new AMQPChannel($c)))->publish('Hello', '%s');"
                .formatted(nodes.notices());
    Process php = new ProcessBuilder("php", "-r", script).redirectErrorStream(true).start();
    String printed = new String(php.getInputStream().readAllBytes(), UTF_8);
    assertThat(php.waitFor()).as(printed + " (apt-get install php-cli php-amqp)").isZero();
    client.await("Hello");
  }

  /** They are read when they can be sent on, not put back and read again a second later. */
  @Test
  void whatWaitsWhenANodeStartsIsSentOnAtOnce() {
    String first = nodes.prefix() + "first";
    String second = nodes.prefix() + "second";
    TestConnection client = nodes.open("ingress", "none").connect("ann");
    String fill =
        "channel.queue_declare(queue, durable=True)\nfor i in range(20): channel.basic_publish('', queue, b'n%d' % i)";
    Pika.run(server, first, fill);
    Pika.run(server, second, fill);
    Logger logger = (Logger) LoggerFactory.getLogger(IngressConsumer.class);
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    logger.addAppender(log);
    try {
      nodes.open("ingress", first + "=everyone," + second + "=everyone");
      client.await(40);
    } finally {
      logger.detachAppender(log);
    }
    assertThat(log.list).extracting(ILoggingEvent::getFormattedMessage).isEmpty();
  }

  @Test
  void anyQueueMayStandForATopic() {
    String queue = nodes.prefix() + "prices";
    TestNode node = nodes.open("ingress", queue + "=topic:prices");
    TestConnection member = node.connect("ann", "prices");
    TestConnection other = node.connect("bob");
    server.publish("", queue, "42".getBytes(UTF_8));
    member.await("42");
    assertThat(other.frames()).isEmpty();
    assertThat(server.queues(nodes.prefix())).doesNotContain(nodes.notices());
  }

  @Test
  void whatCannotBeReadGoesToTheDeadLettersAndTheRestFlows() {
    TestNode node = nodes.open();
    TestConnection client = node.connect("ann");
    send("b'1'", "headers={'x-pw-to': 'nobody knows'}");
    send("b'2'", "headers={'x-pw-type': 'video'}");
    send("b'3\\xff'", "headers={'x-pw-type': 'text'}");
    send("bytes([0xf7, 0x50, 1, 0])", "");
    send("b'x' * 300000", "");
    send("b'next'", "");
    client.await("next");
    assertThat(client.texts()).containsExactly("next");
    await().until(() -> node.counters().deadCount() == 5);
    assertThat(node.counters().droppedCount(Counters.Reason.MALFORMED)).isEqualTo(4);
    assertThat(node.counters().droppedCount(Counters.Reason.FORBIDDEN)).isEqualTo(1);
    String reasons =
        Pika.run(
            server,
            nodes.notices() + IngressConsumer.DEAD,
            """
            for i in range(5):
              method, properties, body = channel.basic_get(queue, auto_ack=True)
              print(len(body), properties.headers['x-pw-reason'])
            """);
    assertThat(reasons).contains("'to'").contains("x-pw-type is text or binary").contains("300000");
  }

  @Test
  void aQueueThatIsDeletedIsMadeAgain() {
    TestConnection client = nodes.open().connect("ann");
    Pika.run(server, nodes.notices(), "channel.queue_delete(queue)");
    await().until(() -> server.queues(nodes.prefix()).contains(nodes.notices()));
    server.publish("", nodes.notices(), "back".getBytes(UTF_8));
    client.await("back");
  }

  private void send(String body, String properties) {
    String script =
        "channel.basic_publish('', queue, %s, pika.BasicProperties(%s))"
            .formatted(body, properties);
    Pika.run(server, nodes.notices(), script);
  }
}
