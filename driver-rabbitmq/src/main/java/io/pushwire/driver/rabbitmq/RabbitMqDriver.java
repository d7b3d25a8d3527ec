package io.pushwire.driver.rabbitmq;

import io.pushwire.api.ClosedException;
import io.pushwire.api.Envelope;
import io.pushwire.api.Receipt;
import io.pushwire.api.Target;
import io.pushwire.core.DriverContext;
import io.pushwire.core.MessageDriver;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins the parts: the publisher, the consumers, the bindings, and the links that they work on.
 * Threads: one that publishes, one that delivers, one that makes calls to the broker which block,
 * and a timer.
 */
final class RabbitMqDriver implements MessageDriver {
  private static final long REASSERT_SECONDS = 5;
  private static final long CONFIRM_MILLIS = 1000;
  private static final long GOODBYE_MILLIS = 2500;
  private static final Logger log = LoggerFactory.getLogger(RabbitMqDriver.class);

  private final DriverContext context;
  private final Names names;
  private final ScheduledExecutorService linkThread;
  private final ScheduledExecutorService timer;
  private final ExecutorService consumer;
  private final ExecutorService failures;
  private final Publisher publisher;
  private final Bindings bindings;
  private final Links links;
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile @Nullable Thread consumerThread;

  RabbitMqDriver(DriverContext context, RabbitMqConfig config) {
    this.context = context;
    String node = context.self().id().value();
    names = new Names(config.prefix(), context.self());
    linkThread = Threads.timer("pushwire-rabbitmq-link-" + node);
    timer = Threads.timer("pushwire-rabbitmq-timer-" + node);
    consumer = Threads.single("pushwire-rabbitmq-consumer-" + node);
    consumer.execute(() -> consumerThread = Thread.currentThread());
    failures = Threads.rarely("pushwire-rabbitmq-failures-" + node);
    publisher = new Publisher(failures, node);
    Missing missing = new Missing(context.delivery(), timer);
    bindings = new Bindings(names, missing.gaps());
    List<IngressQueue> ingress =
        config.ingress().entrySet().stream()
            .map(
                e ->
                    new IngressQueue(
                        e.getKey(),
                        e.getValue(),
                        context,
                        names,
                        publisher,
                        consumer,
                        timer,
                        linkThread))
            .toList();
    Consumers consumers = new Consumers(context, missing, ingress, consumer, timer);
    Dialer dialer = new Dialer(config, node, consumer);
    LinkSetup setup =
        new LinkSetup(
            context.self(), config, names, publisher, bindings, missing.gaps(), consumers);
    links = new Links(context, config, names, dialer, setup, bindings, publisher, linkThread);
  }

  /** Connects; blocks. If it fails nothing is left of the driver. */
  void start() {
    try {
      links.open();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
    timer.scheduleWithFixedDelay(
        publisher::tick, Publisher.TICK_MILLIS, Publisher.TICK_MILLIS, TimeUnit.MILLISECONDS);
    timer.scheduleWithFixedDelay(
        links::reassertBindings, REASSERT_SECONDS, REASSERT_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public CompletionStage<Receipt> publish(Envelope envelope) {
    byte[] body = context.codec().encode(envelope);
    return publisher.publish(envelope.id(), names.route(envelope.target()), body, null);
  }

  @Override
  public CompletionStage<Void> subscribe(Collection<Target> targets) {
    if (closed.get()) {
      return CompletableFuture.failedStage(new ClosedException("The RabbitMQ driver"));
    }
    CompletionStage<Void> bound = bindings.want(targets);
    if (!bound.toCompletableFuture().isDone()) {
      links.syncBindings();
    }
    return bound;
  }

  /** Completes at once: what still arrives, core drops. */
  @Override
  public CompletionStage<Void> unsubscribe(Collection<Target> targets) {
    if (closed.get()) {
      return CompletableFuture.failedStage(new ClosedException("The RabbitMQ driver"));
    }
    if (bindings.leave(targets)) {
      timer.schedule(links::syncBindings, Bindings.LINGER_MILLIS + 1, TimeUnit.MILLISECONDS);
    }
    return CompletableFuture.completedStage(null);
  }

  @Override
  public void relink() {
    links.relink();
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try {
      publisher.close(CONFIRM_MILLIS);
      Link last = links.close();
      if (last != null) {
        sayGoodbye(last);
      }
      bindings.close();
      timer.shutdownNow();
      linkThread.shutdownNow();
      consumer.shutdown();
      failures.shutdown();
      if (Thread.currentThread() != consumerThread) {
        consumer.awaitTermination(1, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void sayGoodbye(Link last) throws InterruptedException {
    Future<?> goodbye =
        linkThread.submit(
            () -> {
              last.deleteQueue(names.nodeQueue);
              last.close();
            });
    try {
      goodbye.get(GOODBYE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      log.debug("RabbitMQ did not say goodbye", e);
    }
    last.sever();
  }
}
