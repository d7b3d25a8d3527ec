package io.pushwire.driver.redispubsub;

import io.pushwire.api.ClosedException;
import io.pushwire.api.Envelope;
import io.pushwire.api.PushwireException;
import io.pushwire.api.Receipt;
import io.pushwire.api.Target;
import io.pushwire.core.DriverContext;
import io.pushwire.core.MessageDriver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Joins what speaks, what hears, and what delivers. */
final class RedisPubSubDriver implements MessageDriver {
  /** Beyond the time-outs of the connections, for a slow first start of everything. */
  private static final Duration OPEN = Duration.ofSeconds(5);

  private final DriverContext context;
  private final RedisPubSubConfig config;
  private final RedisConnector connector;
  private final ScheduledThreadPoolExecutor executor;
  private final Receiver receiver;
  private final Subscriber subscriber;
  private final Publisher publisher;
  private final AtomicBoolean closed = new AtomicBoolean();

  private RedisPubSubDriver(DriverContext context, RedisPubSubConfig config) {
    this.context = context;
    this.config = config;
    this.connector = new RedisConnector(config, context.self().id().value());
    // two, so that one dependent of a stage that blocks does not stop the watch over the links
    this.executor = new ScheduledThreadPoolExecutor(2, threads(context.self().id().value()));
    executor.setRemoveOnCancelPolicy(true);
    this.receiver = new Receiver(context, config);
    this.subscriber = new Subscriber(connector, receiver, context.delivery(), executor);
    this.publisher = new Publisher(connector, config, executor);
  }

  static RedisPubSubDriver open(DriverContext context, RedisPubSubConfig config) {
    RedisPubSubDriver driver = new RedisPubSubDriver(context, config);
    try {
      driver.start();
      return driver;
    } catch (RuntimeException e) {
      driver.close();
      throw e;
    }
  }

  private void start() {
    receiver.start();
    CompletableFuture<Void> started =
        publisher
            .start()
            .thenCompose(up -> subscriber.start(config.names().ofNode(context.self())))
            .toCompletableFuture();
    Duration patience = config.connectTimeout().multipliedBy(2).plus(OPEN);
    try {
      started.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw unreachable(rootOf(e), e);
    } catch (TimeoutException e) {
      throw unreachable("no answer within " + patience.toMillis() + " ms", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unreachable("interrupted", e);
    }
  }

  private PushwireException unreachable(String why, Throwable cause) {
    return new PushwireException(
        "Redis at "
            + String.join(", ", connector.shown())
            + " cannot be used: "
            + why
            + ". "
            + nextStep(why)
            + ", or set driver.lazy=true to start without it",
        cause);
  }

  private static String nextStep(String why) {
    if (why.contains("certif")) {
      return "Name the authority of its certificate in driver.redis-pubsub.tls.ca";
    } else if (why.startsWith("WRONGPASS") || why.startsWith("NOAUTH")) {
      return "Correct user and password in driver.redis-pubsub.uri";
    } else if (why.contains("NOPERM")) {
      return "Give the user its rights (see the driver's README)";
    }
    return "Start it, correct driver.redis-pubsub.uri";
  }

  private static String rootOf(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.toString() : root.getMessage();
  }

  @Override
  public CompletionStage<Receipt> publish(Envelope envelope) {
    if (closed.get()) {
      return CompletableFuture.failedStage(closedException());
    }
    return publisher.publish(
        envelope.id(), config.names().of(envelope.target()), context.codec().encode(envelope));
  }

  @Override
  public CompletionStage<Void> subscribe(Collection<Target> targets) {
    return closed.get()
        ? CompletableFuture.failedStage(closedException())
        : subscriber.subscribe(channels(targets));
  }

  @Override
  public CompletionStage<Void> unsubscribe(Collection<Target> targets) {
    if (closed.get()) {
      return CompletableFuture.failedStage(closedException());
    }
    subscriber.unsubscribe(channels(targets));
    return CompletableFuture.completedStage(null);
  }

  private List<String> channels(Collection<Target> targets) {
    List<String> channels = new ArrayList<>(targets.size());
    for (Target target : targets) {
      channels.add(config.names().of(target));
      channels.addAll(config.ingress().channels(target));
    }
    return channels;
  }

  @Override
  public void relink() {
    publisher.relink();
    subscriber.relink();
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    publisher.close();
    subscriber.close();
    receiver.close();
    connector.close();
    executor.shutdownNow();
  }

  private static ClosedException closedException() {
    return new ClosedException("The redis-pubsub driver");
  }

  private static ThreadFactory threads(String node) {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread =
          new Thread(task, "pushwire-redis-pubsub-" + number.incrementAndGet() + "-" + node);
      thread.setDaemon(true);
      return thread;
    };
  }
}
