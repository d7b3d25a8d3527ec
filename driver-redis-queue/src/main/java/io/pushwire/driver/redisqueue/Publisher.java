package io.pushwire.driver.redisqueue;

import io.lettuce.core.RedisCommandExecutionException;
import io.pushwire.api.ConnectionId;
import io.pushwire.api.Envelope;
import io.pushwire.api.NodeInfo;
import io.pushwire.api.PublishException;
import io.pushwire.api.Receipt;
import io.pushwire.api.Target;
import io.pushwire.api.WhenOffline;
import io.pushwire.core.Counters;
import io.pushwire.core.LinkPublisher;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts envelopes into lists: a user's own, or the inboxes of the nodes that want them. */
final class Publisher {
  /** What may be under way to Redis; while it is silent this is all that piles up. */
  private static final long MOST_BYTES = 32L << 20;

  private static final long COMPLAIN_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final Logger log = LoggerFactory.getLogger(Publisher.class);

  private final Shared shared;
  private final Posts posts;
  private final Broadcasts broadcasts;
  private final Peers peers;
  private final LinkPublisher<Connections> publisher;
  private final AtomicLong complainedAt = new AtomicLong(System.nanoTime() - COMPLAIN_NANOS);
  private final Pushes pushes;

  Publisher(Shared shared, Posts posts, Peers peers) {
    this.shared = shared;
    this.posts = posts;
    this.broadcasts = new Broadcasts(shared, posts);
    this.peers = peers;
    this.pushes = new Pushes(shared);
    this.publisher = shared.link().publisher(MOST_BYTES);
  }

  CompletionStage<Receipt> publish(Envelope envelope) {
    byte[] bytes = shared.context().codec().encode(envelope);
    return publisher.publish(
        bytes.length,
        link ->
            send(envelope, bytes)
                .exceptionallyCompose(
                    e -> CompletableFuture.failedStage(failure(envelope, Link.cause(e)))));
  }

  private RuntimeException failure(Envelope envelope, Throwable e) {
    if (e instanceof RedisCommandExecutionException) {
      complain(envelope.target(), e.getMessage());
    }
    return new PublishException(
        "Redis did not take what is for "
            + envelope.target()
            + ": "
            + (e instanceof CancellationException ? "the link was lost" : e.getMessage())
            + ". Send it again with the same id",
        e);
  }

  /** What Redis refuses is for whoever looks after it, and not all who send are told why. */
  private void complain(Target target, @Nullable String why) {
    long now = System.nanoTime();
    long before = complainedAt.get();
    if (now - before >= COMPLAIN_NANOS && complainedAt.compareAndSet(before, now)) {
      log.warn("Redis refuses what is for {}: {}", target, why);
    }
  }

  private CompletionStage<Receipt> send(Envelope envelope, byte[] bytes) {
    Target target = envelope.target();
    if (target instanceof Target.User user) {
      return toUser(envelope, user, bytes);
    }
    CompletionStage<Integer> receivers;
    if (target instanceof Target.Topic topic) {
      receivers = broadcasts.post(shared.keys().topic(topic.name()), bytes);
    } else if (target instanceof Target.Everyone) {
      receivers = broadcasts.post(shared.keys().everyone, bytes);
    } else if (target instanceof Target.Connection one) {
      ConnectionId id = one.id();
      NodeInfo node = NodeInfo.of(id.node(), id.incarnation());
      receivers = posts.post(node.toString(), List.of(bytes)).thenApply(alive -> alive ? 1 : 0);
    } else if (target instanceof Target.Node one) {
      receivers = broadcasts.post(shared.keys().nodes, one.id().value() + ".", bytes);
    } else {
      receivers = broadcasts.post(shared.keys().nodes, bytes);
    }
    return receivers.thenApply(
        count ->
            Receipt.builder(
                    envelope.id(), count == 0 ? Receipt.Status.NOBODY : Receipt.Status.ACCEPTED)
                .receivers(count)
                .build());
  }

  private CompletionStage<Receipt> toUser(Envelope envelope, Target.User user, byte[] bytes) {
    boolean drop = envelope.whenOffline().orElse(WhenOffline.QUEUE) == WhenOffline.DROP;
    return pushes
        .push(user.id(), bytes, drop)
        .thenApply(reply -> pushed(envelope, user, drop, reply));
  }

  private Receipt pushed(Envelope envelope, Target.User user, boolean drop, List<?> reply) {
    long waiting = (Long) reply.get(0);
    if (waiting < 0) {
      return Receipt.builder(envelope.id(), Receipt.Status.NOBODY).build();
    }
    long dropped = (Long) reply.get(2);
    if (dropped > 0) {
      shared.context().counters().dropped(Counters.Reason.STORED_LIMIT, dropped);
    }
    String owner = Keys.text(reply.get(1));
    if (!owner.isEmpty()) {
      peers.wake(owner, user.id());
    }
    return drop
        ? Receipt.builder(envelope.id(), Receipt.Status.ACCEPTED).build()
        : Receipt.builder(envelope.id(), Receipt.Status.STORED).waiting(waiting).build();
  }
}
