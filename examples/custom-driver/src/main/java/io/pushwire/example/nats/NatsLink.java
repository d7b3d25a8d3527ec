package io.pushwire.example.nats;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.ErrorListener;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One connection to NATS: once it has failed it is over, and another one is made. */
final class NatsLink {
  /** A publish fails within two seconds while the broker is silent: with time left for the rest. */
  private static final Duration PATIENCE = Duration.ofMillis(1500);

  private static final long BACKLOG_BYTES = 32 * 1024 * 1024;

  final Dispatcher incoming;
  private final Connection connection;
  private final NatsDriver driver;
  private @Nullable CompletableFuture<Void> answer; // guarded by this

  NatsLink(NatsDriver driver, String uri) throws IOException, InterruptedException {
    this.driver = driver;
    Options.Builder options = new Options.Builder().server(uri);
    options.connectionTimeout(PATIENCE); // and for an answer
    options.noReconnect(); // the client's own would confirm what went down with the old connection
    options.maxMessagesInOutgoingQueue(0); // no limit, which would block: the driver has its own
    options.errorListener(new ErrorListener() {}); // what is worth telling, the driver tells
    this.connection = Nats.connect(options.build());
    this.incoming = connection.createDispatcher(m -> driver.receive(this, m.getData()));
    incoming.setPendingLimits(0, BACKLOG_BYTES);
    connection.addConnectionListener((c, event) -> answered()); // which looks whether it is over
  }

  CompletableFuture<Void> publish(String subject, byte[] bytes) {
    connection.publish(subject, bytes);
    return answered();
  }

  /** Completes when NATS has all that was sent so far: one pong answers all who ask meanwhile. */
  synchronized CompletableFuture<Void> answered() {
    if (answer == null) {
      answer = new CompletableFuture<>();
      answer.orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      driver.worker.execute(this::ask);
    }
    return answer;
  }

  private void ask() {
    CompletableFuture<Void> asked = answered();
    synchronized (this) {
      answer = null;
    }
    try {
      connection.RTT(); // not flush, which returns at once when it cannot ask
      asked.complete(null);
    } catch (IOException e) {
      driver.links.lost(this, String.valueOf(e.getMessage()));
      asked.completeExceptionally(e);
    }
  }

  void close() {
    try {
      connection.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
