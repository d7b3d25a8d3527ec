package io.pushwire.driver.redisqueue;

import io.pushwire.api.ClosedException;
import io.pushwire.api.Envelope;
import io.pushwire.api.PushwireException;
import io.pushwire.api.Receipt;
import io.pushwire.api.RefusedException;
import io.pushwire.api.Target;
import io.pushwire.core.DriverContext;
import io.pushwire.core.MessageDriver;
import io.pushwire.core.StoredMessages;
import io.pushwire.driver.redis.RedisClients;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Joins the parts: what is published, what is subscribed, what arrives, and what is due. */
final class RedisQueueDriver implements MessageDriver, StoredMessages {
  private static final Logger log = LoggerFactory.getLogger(RedisQueueDriver.class);
  private static final String NAME = "The driver redis-queue";
  private static final long LEAVE_MILLIS = 2500;
  private static final long SETTLE_MILLIS = 700;

  private final Shared shared;
  private final Workers workers;
  private final Nodes nodes;
  private final Inbox inbox;
  private final Publisher publisher;
  private final Upkeep upkeep;
  private final AtomicBoolean closing = new AtomicBoolean();

  private RedisQueueDriver(DriverContext context, RedisQueueConfig config, RedisClients clients) {
    String name = context.self().toString();
    ScheduledExecutorService thread =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread t = new Thread(task, "pushwire-redis-queue-" + name + "-sweep");
              t.setDaemon(true);
              return t;
            });
    Link link = new Link(clients, thread, this::linkIsBack, this::changed);
    shared =
        new Shared(
            context,
            config,
            link,
            config.keys().node(context.self()),
            new AtomicLong(1),
            thread,
            new AtomicBoolean());
    nodes = new Nodes(shared);
    Posts posts = new Posts(shared);
    Barriers barriers = new Barriers(shared, posts);
    Peers peers =
        new Peers(shared, posts, barriers, user -> workers().wake(user), nodes::seenAlive);
    workers = new Workers(shared, (target, worker) -> holding(target, worker, peers));
    inbox = new Inbox(shared, workers, barriers);
    publisher = new Publisher(shared, posts, peers);
    upkeep = new Upkeep(shared, nodes, new Sweep(shared, workers));
  }

  static MessageDriver open(DriverContext context) {
    RedisQueueConfig config = RedisQueueConfig.from(context.settings());
    RedisClients clients =
        RedisClients.open(config.uris(), config.tls(), "pushwire-" + context.self().id());
    RedisQueueDriver driver = new RedisQueueDriver(context, config, clients);
    try {
      driver.start();
      log.info("redis-queue: {}", config);
      return driver;
    } catch (RuntimeException e) {
      driver.abandon();
      throw e;
    }
  }

  private void start() {
    shared.link().start();
    try {
      nodes.register().toCompletableFuture().join();
      nodes.look().toCompletableFuture().join();
    } catch (CompletionException e) {
      throw new PushwireException(
          "Redis does not let this node register: " + Link.cause(e).getMessage(), Link.cause(e));
    }
    inbox.start();
    long period = shared.config().sweep().toMillis();
    shared.thread().scheduleWithFixedDelay(upkeep::due, period, period, TimeUnit.MILLISECONDS);
  }

  /** On any thread: the link is back, or all keys are gone. */
  private void linkIsBack() {
    upkeep.due();
  }

  private Holding holding(Target target, Worker worker, Peers peers) {
    if (target instanceof Target.User user) {
      return new UserList(user, worker, shared, peers);
    }
    byte[] key =
        target instanceof Target.Topic topic
            ? shared.keys().topic(topic.name())
            : shared.keys().everyone;
    return new Place(target, key, worker, shared);
  }

  private Workers workers() {
    return workers;
  }

  /** On the link's thread. */
  private void changed(byte[] list) {
    String user = shared.keys().userOf(list);
    if (!user.isEmpty()) {
      workers.tell(user, UserList::changed);
    }
  }

  @Override
  public CompletionStage<Receipt> publish(Envelope envelope) {
    if (closing.get()) {
      return CompletableFuture.failedStage(new ClosedException(NAME));
    }
    if (isImpossible(envelope.target())) {
      return CompletableFuture.failedStage(impossible(envelope.target()));
    }
    return publisher.publish(envelope);
  }

  @Override
  public CompletionStage<Void> subscribe(Collection<Target> targets) {
    for (Target target : targets) {
      if (isImpossible(target)) {
        return CompletableFuture.failedStage(impossible(target));
      }
    }
    return want(targets, true);
  }

  @Override
  public CompletionStage<Void> unsubscribe(Collection<Target> targets) {
    return want(targets, false);
  }

  private CompletionStage<Void> want(Collection<Target> targets, boolean on) {
    return closing.get()
        ? CompletableFuture.failedStage(new ClosedException(NAME))
        : workers.want(targets, on);
  }

  /** On a Cluster braces in a list's name decide where it lies, apart from its side keys. */
  private boolean isImpossible(Target target) {
    return shared.link().isCluster()
        && target instanceof Target.User user
        && (user.id().contains("{") || user.id().contains("}"));
  }

  private static RefusedException impossible(Target target) {
    return new RefusedException(
        target + ": on a Redis Cluster a user id may not contain { or }", null);
  }

  @Override
  public CompletionStage<Long> waiting(String user) {
    return shared.link().eval(Script.WAITING, shared.keys().user(user));
  }

  @Override
  public void relink() {
    shared.link().relink();
  }

  @Override
  public void close() {
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    upkeep.end();
    shared.closed().set(true);
    inbox.close(SETTLE_MILLIS);
    workers.settle(SETTLE_MILLIS);
    if (shared.link().isUp()) {
      // whoever is not told in time finds that this node is not alive
      within(LEAVE_MILLIS, workers.leaveAll());
      within(SETTLE_MILLIS, nodes.farewell());
    }
    abandon();
  }

  private static void within(long millis, CompletionStage<?> stage) {
    try {
      stage.toCompletableFuture().get(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      log.warn("Redis was not told in time of all that ends with this node: {}", e.toString());
    }
  }

  private void abandon() {
    shared.thread().shutdownNow();
    workers.close();
    shared.link().close();
  }
}
