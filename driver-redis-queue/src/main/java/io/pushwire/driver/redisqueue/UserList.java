package io.pushwire.driver.redisqueue;

import io.pushwire.api.Target;
import io.pushwire.core.Counters;
import io.pushwire.core.Interruption;
import io.pushwire.core.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A user who has connections here, and his list. To subscribe is to take the list: from then on
 * this node reads it, until another one takes it and this one finds itself fenced.
 */
final class UserList extends Holding {
  private static final Logger log = LoggerFactory.getLogger(UserList.class);
  private static final byte[] BATCH = Keys.number(32);

  /** Not for ever: the safety net beneath the safety net. */
  private static final long WATCH_NANOS = TimeUnit.SECONDS.toNanos(60);

  private static final byte[] YES = Keys.utf8("1");
  private static final byte[] NO = Keys.utf8("0");

  private final Target.User user;
  private final Shared shared;
  private final Peers peers;
  private byte[] generation = NO;
  private byte[] epoch = NO;
  private String listEpoch = "";
  private long done;
  private long late;
  private boolean owner;
  private boolean wake;
  private boolean recover;
  private boolean ownerDied;
  private boolean wrongTypeSaid;
  private long touchedAt;
  private int watchedBy;
  private long watchedAt;
  private @Nullable Batch batch;

  UserList(Target.User user, Worker worker, Shared shared, Peers peers) {
    super(user, worker);
    this.user = user;
    this.shared = shared;
    this.peers = peers;
  }

  String name() {
    return user.id();
  }

  boolean isOwner() {
    return owner;
  }

  boolean isIdle() {
    return isSettled() && batch == null;
  }

  /** Whether a change to the list would be told: then nobody need look. */
  boolean isWatched(int link, long now) {
    return watchedBy == link && now - watchedAt < WATCH_NANOS;
  }

  void watched(int link, long now) {
    watchedBy = link;
    watchedAt = now;
  }

  void changed() {
    watchedBy = 0;
    wake();
  }

  /** Since when Redis has not heard of this user from here, by {@link System#nanoTime}. */
  long touchedAt() {
    return touchedAt;
  }

  /** Something may have come. */
  void wake() {
    wake = true;
    step();
  }

  @Override
  void register() {
    Batch now = batch;
    if (now != null) {
      if (now.isRunning()) {
        calling(false); // it follows when the batch has ended: nothing is written twice meanwhile
        return;
      }
      done = now.done();
      batch = null;
    }
    generation = Keys.number(shared.generation().get());
    byte[] ttl = Keys.number(shared.config().directoryTtl().toMillis());
    byte[] fresh = Keys.utf8(UUID.randomUUID().toString());
    worker
        .pacer()
        .start(
            () ->
                this.<List<Object>>call(
                    Script.TAKE, this::taken, shared.name(), generation, ttl, fresh));
  }

  private void taken(List<Object> reply) {
    registered(true);
    owner = true;
    touchedAt = System.nanoTime();
    epoch = (byte[]) reply.get(0);
    String before = Keys.text(reply.get(1));
    long waiting = (Long) reply.get(2);
    long pending = (Long) reply.get(3);
    sameList(Keys.text(reply.get(4)));
    late = Math.max(0, waiting) + pending;
    recover = pending > 0;
    wake |= waiting != 0;
    boolean moved = !before.isEmpty() && !before.equals(shared.me().name());
    if (moved) {
      peers.wake(before, user.id()); // it finds itself fenced
    }
    if (moved && pending > 0) {
      calling(true);
      peers
          .isAlive(before)
          .whenComplete(
              (alive, e) ->
                  worker.execute(
                      () -> {
                        calling(false);
                        ownerDied = e == null && !alive;
                        step();
                      }));
    } else {
      step();
    }
  }

  @Override
  void deregister() {
    Batch now = batch;
    if (now != null) {
      done = Math.max(done, now.done());
      batch = null; // what ends later is not acknowledged: the next owner delivers it again
      recover = true;
    }
    byte[] ttl = Keys.number(shared.config().directoryTtl().toMillis());
    worker
        .pacer()
        .start(
            () ->
                this.<byte[]>call(
                    Script.LEAVE,
                    this::left,
                    shared.name(),
                    generation,
                    epoch,
                    Keys.number(done),
                    ttl));
  }

  private void left(byte[] heir) {
    registered(false);
    owner = false;
    done = 0;
    if (heir.length > 0) {
      peers.wake(Keys.text(heir), user.id());
    }
    step();
  }

  @Override
  void work() {
    Batch now = batch;
    if (now != null) {
      now.runIfDue();
    } else if (wake || recover) {
      drain();
    }
  }

  private void drain() {
    calling(true);
    wake = false;
    boolean recovering = recover;
    RedisQueueConfig config = shared.config();
    call(
        Script.DRAIN,
        (List<Object> reply) -> drained(reply, recovering),
        shared.name(),
        epoch,
        Keys.number(done),
        BATCH,
        recovering ? YES : NO,
        config.consume().pop(),
        Keys.number(config.ttl().toMillis()),
        Keys.number(config.maxLength()),
        Keys.number(Entries.mostBytes(shared.context().maxPayloadSize())),
        ownerDied ? YES : NO,
        Keys.number(config.directoryTtl().toMillis()));
  }

  private void drained(List<Object> reply, boolean recovering) {
    calling(false);
    touchedAt = System.nanoTime();
    long status = (Long) reply.get(0);
    if (status == 0) {
      fenced(Keys.text(reply.get(1)), (byte[]) reply.get(2));
    } else if (status == 2) {
      recover = false;
      wrongType();
    } else {
      recover = false;
      claimed(reply, recovering);
    }
  }

  private void fenced(String by, byte[] newEpoch) {
    if (by.equals(shared.me().name())) {
      owner = true; // it was handed over
      epoch = newEpoch;
      recover = true;
      step();
      return;
    }
    owner = false;
    if (by.isEmpty()) {
      done = 0;
      lost();
    } else {
      peers.checkOwner(user.id(), by);
      step();
    }
  }

  private void wrongType() {
    if (!wrongTypeSaid) {
      wrongTypeSaid = true;
      shared.context().counters().dropped(Counters.Reason.MALFORMED, 1);
      log.warn("{} is no list; nothing reaches its user", shared.keys().listName(user.id()));
    }
  }

  private void claimed(List<Object> reply, boolean recovering) {
    long offset = (Long) reply.get(1);
    sameList(Keys.text(reply.get(2)));
    boolean givenUp = recovering && (Long) reply.get(4) >= Item.ATTEMPTS;
    ownerDied = false;
    dropped((Long) reply.get(5), (Long) reply.get(6));
    List<?> entries = (List<?>) reply.get(8);
    if (entries.isEmpty()) {
      wake |= (Long) reply.get(7) > 0;
      step();
      return;
    }
    List<Item> items = new ArrayList<>(entries.size());
    for (Object entry : entries) {
      items.add(peers.entries().read(entry, user, listEpoch + ":" + (offset + items.size())));
    }
    if (givenUp) {
      items.get(0).giveUp("its node died " + Item.ATTEMPTS + " times while delivering it");
    }
    List<String> others = peers.others(Keys.text(reply.get(3)));
    Batch next = new Batch(this, offset, items, recovering, others, shared);
    batch = next;
    next.run();
  }

  /** Offsets count within one life of the list. */
  private void sameList(String nowEpoch) {
    if (!nowEpoch.equals(listEpoch)) {
      listEpoch = nowEpoch;
      done = 0;
    }
  }

  private void dropped(long byProducers, long now) {
    if (now > 0) {
      shared.context().counters().dropped(Counters.Reason.STORED_LIMIT, now);
    }
    if (byProducers + now > 0) {
      String why = (byProducers + now) + " messages of a user were more than max-length allows";
      Instant time = Instant.now();
      shared.context().delivery().interrupted(Interruption.of(time, time, why));
    }
  }

  /** All deliveries of a batch have ended, one way or another. */
  void ended(Batch which) {
    if (which != batch) {
      return;
    }
    if (which.judge(isWanted())) {
      done = which.done();
      for (int i = 0; i < which.size() && late > 0; i++, late--) {
        shared.context().counters().deliveredLate();
      }
      batch = null;
      wake = true;
      step();
    } else if (isWanted()) {
      shared
          .thread()
          .schedule(() -> worker.execute(this::step), which.pauseMillis(), TimeUnit.MILLISECONDS);
    }
  }

  CompletionStage<Outcome> giveUp(byte[] bytes, String why) {
    return peers
        .dead()
        .put(shared.keys().listName(user.id()), why, bytes)
        .thenApply(written -> Outcome.DELIVERED);
  }

  CompletionStage<?> forward(String node, List<byte[]> copies) {
    return peers.forward(node, user.id(), copies);
  }

  private <T> CompletionStage<?> call(
      Script script, java.util.function.Consumer<T> then, byte[]... args) {
    return shared
        .link()
        .<T>eval(script, shared.keys().user(user.id()), args)
        .whenComplete((reply, e) -> worker.execute(() -> ended(then, reply, e)));
  }

  private <T> void ended(
      java.util.function.Consumer<T> then, @Nullable T reply, @Nullable Throwable e) {
    if (e == null && reply != null) {
      then.accept(reply);
      return;
    }
    // whether it was done is not known: what is pending comes first, and offsets keep it right
    recover = true;
    failed(e == null ? new IllegalStateException("No reply") : e);
  }
}
