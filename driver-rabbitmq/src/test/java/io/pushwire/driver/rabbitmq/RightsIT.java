package io.pushwire.driver.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pushwire.api.Payload;
import io.pushwire.api.PublishException;
import io.pushwire.api.Receipt;
import io.pushwire.api.Target;
import io.pushwire.testkit.RabbitMqServer;
import io.pushwire.testkit.TestConnection;
import io.pushwire.testkit.TestNode;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an operator grants, and takes away while nodes run. */
class RightsIT {
  private static final String ALL = ".*";
  private static final Target ANN = Target.user("ann");

  private final RabbitMqServer server = RabbitMqServer.shared();
  private final Nodes nodes = new Nodes(server);
  private final String user = nodes.prefix() + "user";

  @BeforeEach
  void addUser() {
    server.eval(
        "rabbit_auth_backend_internal:add_user(<<\"%s\">>, <<\"secret\">>, <<\"kit\">>)"
            .formatted(user));
    allow("/", ALL, ALL);
  }

  @AfterEach
  void close() {
    nodes.close();
    server.eval(
        "rabbit_auth_backend_internal:delete_user(<<\"%s\">>, <<\"kit\">>)".formatted(user));
  }

  @Test
  void whatMayNotBeWrittenFailsAloneAndSaysWhy() {
    allow("/", "^amq.default$|[.](key|nodes|n[.].*|ws.*)$", ALL);
    TestNode node = open("/");
    TestConnection ann = node.connect("ann", "t");
    for (int i = 0; i < 2; i++) {
      CompletableFuture<Receipt> topic = send(node, Target.topic("t"), "t" + i);
      assertThatThrownBy(() -> send(node, ANN, "no").get(20, TimeUnit.SECONDS))
          .hasCauseInstanceOf(PublishException.class)
          .hasMessageContaining("refuse")
          .hasMessageContaining(nodes.prefix() + "all");
      assertThat(topic).succeedsWithin(Duration.ofSeconds(5));
      await().until(() -> isTaken(node, Target.topic("t")));
    }
    ann.await("t1");
    assertThat(ann.texts()).doesNotContain("no");
  }

  /** Nobody waits any more who could be told that his messages do not come. */
  @Test
  void aRightToReadThatIsTakenAwayTurnsTheLinkRed() {
    TestNode node = open("/");
    TestConnection ann = node.connect("ann");
    allow("/", ALL, "[.](key|nodes|n[.].*|ws.*)$");
    server.cut();
    await().atMost(Duration.ofSeconds(20)).until(() -> !node.node().link().up());
    assertThat(send(node, ANN, "no")).isCompletedExceptionally();
    allow("/", ALL, ALL);
    await().until(() -> node.node().link().up());
    node.send(ANN, "yes");
    ann.await("yes");
  }

  @Test
  void aVirtualHostThatIsDeletedAndMadeAgainIsSetUpAgain() {
    addHost();
    TestNode node = open(user);
    TestConnection ann = node.connect("ann", "t");
    node.send(ANN, "before");
    ann.await("before");
    deleteHost();
    await().until(() -> send(node, ANN, "no").isCompletedExceptionally());
    addHost();
    await().until(() -> isTaken(node, ANN));
    node.send(ANN, "to user");
    node.send(Target.topic("t"), "to topic");
    ann.await("to user");
    ann.await("to topic");
    assertThat(ann.closeCode()).isEmpty();
    await().until(() -> node.counters().interruptionCount() == 1);
    nodes.close();
    deleteHost();
  }

  @Test
  void aUserThatIsDeletedAndMadeAgainComesBack() {
    TestNode node = open("/");
    TestConnection ann = node.connect("ann");
    server.eval(
        "rabbit_auth_backend_internal:delete_user(<<\"%s\">>, <<\"kit\">>)".formatted(user));
    server.cut();
    await().until(() -> send(node, ANN, "no").isCompletedExceptionally());
    addUser();
    await().until(() -> isTaken(node, ANN));
    node.send(ANN, "yes");
    ann.await("yes");
  }

  @Test
  void whatTheBrokerClosesIsOpenedAgain() {
    TestNode node = open("/");
    TestConnection ann = node.connect("ann", "t");
    server.eval("[exit(P, kill) || P <- rabbit_channel:list()]");
    await().until(() -> isTaken(node, ANN));
    node.send(ANN, "yes");
    ann.await("yes");
    Pika.run(server, nodes.notices(), "channel.basic_publish('', queue, b'notice')");
    ann.await("notice");
  }

  /** As the README says: who may only write to an exchange of his own cannot speak as a node. */
  @Test
  void aProducerNeedsNoMoreThanAnExchangeOfItsOwn() {
    TestConnection ann = nodes.open().connect("ann");
    String shop = nodes.prefix() + "shop";
    Pika.run(
        server,
        nodes.notices(),
        "channel.exchange_declare('%s', 'fanout', durable=True); channel.queue_bind(queue, '%s')"
            .formatted(shop, shop));
    allow("/", "^" + shop + "$", "^$");
    String script =
        """
        mine = pika.URLParameters(sys.argv[3])
        pika.BlockingConnection(mine).channel().basic_publish('%s', '', b'paid')
        for exchange, key in (('', queue), (queue.replace('ws.notice', 'all'), '')):
          other = pika.BlockingConnection(mine).channel()
          other.confirm_delivery()
          try:
            other.basic_publish(exchange, key, b'x')
            print('taken')
          except pika.exceptions.ChannelClosedByBroker as e:
            print(e.reply_code)
        """;
    String uri = "amqp://%s:secret@127.0.0.1:%d/%%2F".formatted(user, server.port());
    String printed = Pika.run(server, nodes.notices(), script.formatted(shop), uri);
    assertThat(printed.lines()).containsExactly("403", "403");
    ann.await("paid");
    Pika.run(server, shop, "channel.exchange_delete(queue)");
  }

  private TestNode open(String host) {
    String path = host.equals("/") ? "" : "/" + host;
    return nodes.open(
        "uri", "amqp://%s:secret@127.0.0.1:%d%s".formatted(user, server.port(), path));
  }

  private void addHost() {
    server.eval("rabbit_vhost:add(<<\"%s\">>, <<\"kit\">>)".formatted(user));
    allow(user, ALL, ALL);
  }

  private void deleteHost() {
    server.eval("rabbit_vhost:delete(<<\"%s\">>, <<\"kit\">>)".formatted(user));
  }

  private void allow(String host, String write, String read) {
    server.eval(
        "rabbit_auth_backend_internal:set_permissions(<<\"%s\">>, <<\"%s\">>, <<\".*\">>, <<\"%s\">>, <<\"%s\">>, <<\"kit\">>)"
            .formatted(user, host, write, read));
  }

  private static CompletableFuture<Receipt> send(TestNode node, Target target, String text) {
    return node.sender().send(target, Payload.text(text)).toCompletableFuture();
  }

  private static boolean isTaken(TestNode node, Target target) {
    return send(node, target, "again").handle((receipt, e) -> e == null).join();
  }
}
