package io.pushwire.server.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBufAllocator;
import io.pushwire.api.Envelope;
import io.pushwire.api.Payload;
import io.pushwire.api.Target;
import io.pushwire.core.Connection;
import io.pushwire.core.Counters.Reason;
import io.pushwire.core.Ids;
import io.pushwire.core.WriteListener;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(IoKind.class)
class FanOutTest {
  @Parameter IoKind io;

  private final List<RawClient> clients = new ArrayList<>();
  private TestServer server;

  @BeforeEach
  void start() {
    server = new TestServer(io);
  }

  @AfterEach
  void stop() throws Exception {
    for (RawClient client : clients) {
      client.close();
    }
    server.close();
  }

  private RawClient open(String path) throws IOException {
    RawClient client = RawClient.open(server.port, path);
    clients.add(client);
    return client;
  }

  /** Keeps the lanes busy, so that what is sent meanwhile becomes one batch. */
  private CountDownLatch holdLanes() {
    CountDownLatch release = new CountDownLatch(1);
    List<Connection> one = server.opened.subList(0, Math.min(2, server.opened.size()));
    for (Connection connection : one) {
      connection
          .lane()
          .execute(
              () -> {
                try {
                  release.await();
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              });
    }
    return release;
  }

  @Test
  void joinsTheFramesOfABurstRightly() throws Exception {
    for (int i = 0; i < 50; i++) {
      open("/ws?topic=t");
    }
    await().until(() -> server.opened.size() == 50);
    CountDownLatch release = holdLanes();
    List<String> sent = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String text = i + ":" + "x".repeat(i % 3 == 0 ? 3000 : i);
      sent.add(text);
      server.send(Target.topic("t"), text);
    }
    release.countDown();

    for (RawClient client : clients) {
      for (String text : sent) {
        assertThat(client.readFrame().text()).isEqualTo(text);
      }
    }
    assertThat(server.counters.deliveredCount()).isEqualTo(1000);
  }

  @Test
  void joinsBeyondTheLimitOfOneWrite() throws Exception {
    RawClient client = open("/ws?user=u");
    await().until(() -> server.opened.size() == 1);
    CountDownLatch release = holdLanes();
    byte[] bytes = new byte[30_000];
    new Random(1).nextBytes(bytes);
    for (int i = 0; i < 10; i++) {
      bytes[0] = (byte) i;
      server.send(Target.user("u"), Payload.binary(bytes));
    }
    release.countDown();

    for (int i = 0; i < 10; i++) {
      bytes[0] = (byte) i;
      assertThat(client.readFrame().payload()).isEqualTo(bytes);
    }
  }

  @Test
  void keepsTheOrderOfOneConnectionAcrossTargets() throws Exception {
    for (int i = 0; i < 8; i++) {
      open("/ws?topic=t&user=u" + i);
    }
    await().until(() -> server.opened.size() == 8);
    CountDownLatch release = holdLanes();
    for (int i = 0; i < 100; i++) {
      server.send(Target.topic("t"), "topic " + i);
      server.send(Target.user("u" + i % 8), "user " + i);
      server.send(Target.everyone(), "all " + i);
    }
    release.countDown();

    for (int c = 0; c < clients.size(); c++) {
      for (int i = 0; i < 100; i++) {
        assertThat(clients.get(c).readFrame().text()).isEqualTo("topic " + i);
        if (i % 8 == c) {
          assertThat(clients.get(c).readFrame().text()).isEqualTo("user " + i);
        }
        assertThat(clients.get(c).readFrame().text()).isEqualTo("all " + i);
      }
    }
  }

  @Test
  void isNotDisturbedByClientsThatLeave() throws Exception {
    int staying = 20;
    for (int i = 0; i < staying; i++) {
      open("/ws?topic=t");
    }
    List<RawClient> leaving = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      leaving.add(RawClient.open(server.port, "/ws?topic=t"));
    }
    Thread leaver =
        new Thread(
            () -> {
              try {
                for (int i = 0; i < leaving.size(); i++) {
                  if (i % 2 == 0) {
                    leaving.get(i).reset();
                  } else {
                    leaving.get(i).close();
                  }
                }
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
    leaver.start();
    for (int i = 0; i < 400; i++) {
      server.send(Target.topic("t"), "message " + i);
    }
    leaver.join();

    for (RawClient client : clients) {
      for (int i = 0; i < 400; i++) {
        assertThat(client.readFrame().text()).isEqualTo("message " + i);
      }
    }
    await().until(() -> server.transport.connections() == staying);
    await().until(() -> server.node.registry().size() == staying);
    await().until(() -> server.transport.outboxBytes() == 0);
  }

  @Test
  void tellsTheListenerOnceForEachFrame() throws Exception {
    RawClient client = open("/ws?user=u");
    await().until(() -> server.opened.size() == 1);
    NettyConnection connection = (NettyConnection) server.opened.get(0);
    List<String> told = new CopyOnWriteArrayList<>();

    connection.lane().execute(() -> write(connection, told, "a", "b", "c"));
    await().until(() -> told.size() == 3);
    assertThat(told).containsExactly("written a", "written b", "written c");
    for (int i = 0; i < 3; i++) {
      client.readFrame();
    }
    connection.close(4000, "");
    await().until(() -> !server.node.registry().isOnline("u"));
    connection.lane().execute(() -> write(connection, told, "d"));
    await().until(() -> told.size() == 4);
    assertThat(told.get(3)).isEqualTo("failed d");
  }

  @Test
  void tellsTheListenerOnlyWhenTheSystemTookTheFrame() throws Exception {
    RawClient client = new RawClient(server.port, 4096).upgrade("/ws?user=u");
    clients.add(client);
    await().until(() -> server.opened.size() == 1);
    NettyConnection connection = (NettyConnection) server.opened.get(0);
    String large = "x".repeat(100_000);
    AtomicInteger written = new AtomicInteger();
    List<String> told = new CopyOnWriteArrayList<>();
    // until the kernel takes no more
    for (int i = 0; server.transport.outboxBytes() == 0; i++) {
      assertThat(i).isLessThan(100);
      int before = told.size();
      connection.lane().execute(() -> write(connection, told, large));
      CountDownLatch done = new CountDownLatch(1);
      connection.lane().execute(done::countDown);
      done.await();
      written.set(before);
    }
    int queued = written.get();
    assertThat(told).hasSize(queued);
    connection.lane().execute(() -> write(connection, told, "last"));

    for (int i = 0; i <= queued; i++) {
      assertThat(client.readFrame().payload()).hasSize(large.length());
    }
    assertThat(client.readFrame().text()).isEqualTo("last");
    await().until(() -> told.size() == queued + 2);
    assertThat(told).allMatch(t -> t.startsWith("written"));
    assertThat(server.counters.droppedCount(Reason.SLOW_CLIENT)).isZero();
  }

  @Test
  void tellsTheListenerOfFramesThatNeverWent() throws Exception {
    RawClient client = new RawClient(server.port, 4096).upgrade("/ws?user=u");
    await().until(() -> server.opened.size() == 1);
    NettyConnection connection = (NettyConnection) server.opened.get(0);
    List<String> told = new CopyOnWriteArrayList<>();
    String large = "x".repeat(50_000);
    int frames = 20;
    for (int i = 0; i < frames; i++) {
      connection.lane().execute(() -> write(connection, told, large));
    }
    await().until(() -> server.transport.outboxBytes() > 300_000);
    client.reset();

    await().until(() -> told.size() == frames);
    assertThat(told).anyMatch(t -> t.startsWith("failed"));
    await().until(() -> server.transport.outboxBytes() == 0);
  }

  @Test
  void goesOnAlthoughAListenerFails() throws Exception {
    RawClient client = open("/ws?user=u");
    await().until(() -> server.opened.size() == 1);
    NettyConnection connection = (NettyConnection) server.opened.get(0);
    connection
        .lane()
        .execute(
            () -> {
              Batch batch =
                  new Batch(ByteBufAllocator.DEFAULT, Payload.text("a"), new DeliveryTimes());
              batch.add(
                  envelope("a"),
                  new WriteListener() {
                    @Override
                    public void written(Connection to) {
                      throw new IllegalStateException("as wanted");
                    }

                    @Override
                    public void failed(Connection to) {}
                  });
              connection.outbox().write(batch);
              batch.release();
              write(connection, new ArrayList<>(), "b");
            });

    assertThat(client.readFrame().text()).isEqualTo("a");
    assertThat(client.readFrame().text()).isEqualTo("b");
  }

  private static void write(NettyConnection connection, List<String> told, String... texts) {
    Batch batch = new Batch(ByteBufAllocator.DEFAULT, Payload.text(texts[0]), new DeliveryTimes());
    for (String text : texts) {
      batch.add(
          envelope(text),
          new WriteListener() {
            @Override
            public void written(Connection to) {
              told.add("written " + text);
            }

            @Override
            public void failed(Connection to) {
              told.add("failed " + text);
            }
          });
    }
    connection.outbox().write(batch);
    batch.release();
  }

  private static Envelope envelope(String text) {
    return Envelope.builder(Target.everyone(), Payload.text(text))
        .id(Ids.next())
        .sentAt(Instant.now())
        .build();
  }
}
