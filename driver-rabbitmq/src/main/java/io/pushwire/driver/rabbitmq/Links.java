package io.pushwire.driver.rabbitmq;

import com.rabbitmq.client.AlreadyClosedException;
import io.pushwire.core.DriverContext;
import io.pushwire.core.Interruption;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a link up: builds it, and when it is lost builds the next one, with a pause of half a
 * second to a second between attempts. What blocks runs on one thread.
 */
final class Links {
  private static final long FIRST_PAUSE_MILLIS = 20;
  private static final long PAUSE_MILLIS = 500;
  private static final long LASTING_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final Logger log = LoggerFactory.getLogger(Links.class);

  private final DriverContext context;
  private final RabbitMqConfig config;
  private final Names names;
  private final Dialer dialer;
  private final LinkSetup setup;
  private final Bindings bindings;
  private final Publisher publisher;
  private final ScheduledExecutorService thread;

  // guarded by this
  private @Nullable Link current;
  private boolean closed;
  private @Nullable Instant lostAt;
  private long upAt = System.nanoTime() - LASTING_NANOS;
  private long pauseMillis = FIRST_PAUSE_MILLIS;
  private String trouble = "";

  Links(
      DriverContext context,
      RabbitMqConfig config,
      Names names,
      Dialer dialer,
      LinkSetup setup,
      Bindings bindings,
      Publisher publisher,
      ScheduledExecutorService thread) {
    this.context = context;
    this.config = config;
    this.names = names;
    this.dialer = dialer;
    this.setup = setup;
    this.bindings = bindings;
    this.publisher = publisher;
    this.thread = thread;
  }

  /** Builds the first link on the calling thread. */
  void open() {
    build();
  }

  synchronized @Nullable Link current() {
    return current;
  }

  private void build() {
    Link link = new Link(dialer, this::lost);
    LinkSetup.Result result = setup.furnish(link);
    if (!install(link)) {
      link.deleteQueue(names.nodeQueue);
      link.close();
      return;
    }
    result.announce().run();
    report(link, result.kept());
  }

  private synchronized boolean install(Link link) {
    if (closed) {
      return false;
    }
    current = link;
    upAt = System.nanoTime();
    if (!link.isUp()) {
      lost(link, "it was lost while it was set up");
    }
    return true;
  }

  private void report(Link link, boolean kept) {
    Instant since;
    synchronized (this) {
      since = lostAt;
      if (link == current) {
        lostAt = null;
        trouble = "";
      }
    }
    if (since == null) {
      return;
    }
    Instant now = Instant.now();
    log.info("The link to RabbitMQ is back, after {} ms", Duration.between(since, now).toMillis());
    if (!kept) {
      String reason = "The queue of this node was gone: it expired, was deleted, or not durable";
      context.delivery().interrupted(Interruption.of(since, now, reason));
    } else if (!config.persistent()) {
      String reason = "The link to RabbitMQ was lost, and messages are not persistent";
      context.delivery().interrupted(Interruption.of(since, now, reason));
    }
  }

  private synchronized void lost(Link link, String why) {
    if (closed || link != current) {
      return;
    }
    current = null;
    if (lostAt == null) {
      lostAt = Instant.now();
    }
    log.warn("The link to RabbitMQ is lost: {}", why);
    bindings.down();
    // links that are lost as soon as they are up must not follow each other without end
    boolean lasted = System.nanoTime() - upAt > LASTING_NANOS;
    pauseMillis = lasted ? FIRST_PAUSE_MILLIS : Math.min(2 * pauseMillis, PAUSE_MILLIS);
    again(pauseMillis);
  }

  private void again(long millis) {
    long pause = millis + ThreadLocalRandom.current().nextLong(millis);
    thread.schedule(this::rebuild, pause, TimeUnit.MILLISECONDS);
  }

  private void rebuild() {
    try {
      build();
    } catch (RuntimeException e) {
      complain(e);
      again(PAUSE_MILLIS);
    }
  }

  /** Says once what is wrong, not with each attempt. */
  private synchronized void complain(RuntimeException e) {
    String now = String.valueOf(e.getMessage());
    if (now.equals(trouble)) {
      log.debug("There is still no link to RabbitMQ", e);
    } else {
      log.warn("There is no link to RabbitMQ yet, trying on: {}", now);
      trouble = now;
    }
  }

  /** Runs on the link's thread when a link is up; what it needs is done again for the next one. */
  void syncBindings() {
    thread.execute(
        () -> {
          Link link = current();
          if (link == null) {
            return;
          }
          try {
            bindings.sync(link).run();
          } catch (IOException | AlreadyClosedException e) {
            link.lost("bindings could not be changed: " + e.getMessage());
          }
        });
  }

  /**
   * Binds again where all nodes meet. Nobody is told when an exchange is deleted; the next who
   * publishes makes a new one, and only he is bound to it. (Of a single node's routes its probe
   * tells.)
   */
  void reassertBindings() {
    thread.execute(
        () -> {
          Link link = current();
          if (link == null) {
            return;
          }
          try {
            bindings.reassert(link);
          } catch (IOException | AlreadyClosedException e) {
            link.lost("its bindings are gone: " + e.getMessage());
          }
        });
  }

  void relink() {
    Link link = current();
    // a broker that says that it is short of memory is not helped by new connections
    if (link != null && !publisher.isBlocked()) {
      link.lost("nothing comes through it");
    }
  }

  /** Takes the link out; no other one is built. */
  synchronized @Nullable Link close() {
    closed = true;
    Link last = current;
    current = null;
    return last;
  }
}
