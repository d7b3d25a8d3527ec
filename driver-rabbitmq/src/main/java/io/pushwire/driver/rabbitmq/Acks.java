package io.pushwire.driver.rabbitmq;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Acknowledges what one channel delivered: many at once, once their outcomes are there. All but the
 * outcomes is for the consumer's thread.
 */
final class Acks {
  static final int BATCH = 100;
  static final long DELAY_MILLIS = 20;
  private static final Logger log = LoggerFactory.getLogger(Acks.class);

  private final Channel channel;
  private final Executor consumer;
  private final ScheduledExecutorService timer;
  private final Deque<Entry> open = new ArrayDeque<>();
  private long done;
  private long acknowledged;
  private boolean flushComes;

  Acks(Channel channel, Executor consumer, ScheduledExecutorService timer) {
    this.channel = channel;
    this.consumer = consumer;
    this.timer = timer;
  }

  /**
   * @param outcome it is acknowledged when this completes, and never if this fails
   */
  void arrived(long tag, CompletionStage<?> outcome) {
    CompletableFuture<?> future = outcome.toCompletableFuture();
    if (open.isEmpty() && future.isDone() && !future.isCompletedExceptionally()) {
      done(tag);
      return;
    }
    Entry entry = new Entry(tag);
    open.add(entry);
    future.whenComplete(
        (result, e) -> {
          if (e == null) {
            consumer.execute(() -> completed(entry));
          }
        });
  }

  private void completed(Entry entry) {
    entry.done = true;
    for (Entry head = open.peek(); head != null && head.done; head = open.peek()) {
      open.remove();
      done(head.tag);
    }
  }

  private void done(long tag) {
    done = tag;
    if (done - acknowledged >= BATCH) {
      flush();
    } else if (!flushComes) {
      flushComes = true;
      timer.schedule(() -> consumer.execute(this::flushLater), DELAY_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void flushLater() {
    flushComes = false;
    flush();
  }

  private void flush() {
    if (done > acknowledged) {
      acknowledged = done;
      acknowledge(done, true);
    }
  }

  /** The channel is about to be closed: acknowledges all that is done, also behind what is not. */
  void flushAllSoon() {
    consumer.execute(this::flushAll);
  }

  private void flushAll() {
    flush();
    for (Entry entry : open) {
      if (entry.done) {
        acknowledge(entry.tag, false);
      }
    }
  }

  private void acknowledge(long tag, boolean multiple) {
    try {
      channel.basicAck(tag, multiple);
    } catch (IOException | AlreadyClosedException e) {
      // it comes again, and is recognised
      log.debug("Could not acknowledge up to {}: the channel is closed", tag);
    }
  }

  private static final class Entry {
    private final long tag;
    private boolean done;

    Entry(long tag) {
      this.tag = tag;
    }
  }
}
