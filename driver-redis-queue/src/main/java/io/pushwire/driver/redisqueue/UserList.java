package io.pushwire.driver.redisqueue;

import io.pushwire.api.Target;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A user who has connections here, and his list. To subscribe is to take the list: from then on
 * this node reads it, until another one takes it and this one finds itself fenced.
 */
final class UserList extends Holding {
  /** So many messages are handed out before they are acknowledged. */
  static final int BATCH = 32;

  private static final byte[] NONE = Keys.number(0);

  private final Target.User user;
  private final Shared shared;
  private final Peers peers;
  private final Reader reader;
  private final Watch watch = new Watch();
  private final long touchNanos;
  private byte[] generation = NONE;
  private byte[] epoch = NONE;
  private String listEpoch = "";
  private long done;
  private boolean owner;
  private boolean wake;
  private boolean recover;
  private boolean ownerDied;
  private long touchedAt;
  private @Nullable Batch batch;

  UserList(Target.User user, Worker worker, Shared shared, Peers peers) {
    super(user, worker);
    this.user = user;
    this.shared = shared;
    this.peers = peers;
    this.touchNanos = shared.config().directoryTtl().toNanos() / 4;
    this.reader = new Reader(user, worker, shared, peers);
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

  Watch watch() {
    return watch;
  }

  void changed() {
    watch.end();
    wake();
  }

  /** Whether his directory would soon be forgotten. */
  boolean isToBeTouched(long now) {
    return now - touchedAt > touchNanos;
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
    worker
        .takes()
        .add(keys(), List.of(generation), reply -> taken((List<?>) reply), this::changeFailed);
  }

  private void taken(List<?> reply) {
    registered(true);
    owner = true;
    touchedAt = System.nanoTime();
    epoch = (byte[]) reply.get(0);
    String before = Keys.text(reply.get(1));
    long waiting = (Long) reply.get(2);
    long pending = (Long) reply.get(3);
    sameList(Keys.text(reply.get(4)));
    reader.found(Math.max(0, waiting) + pending);
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
    List<byte[]> args = List.of(generation, epoch, Keys.number(done));
    worker.leaves().add(keys(), args, heir -> left((byte[]) heir), this::changeFailed);
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
    long now = System.nanoTime();
    boolean touch = isToBeTouched(now);
    List<byte[]> args =
        List.of(
            epoch,
            Keys.number(done),
            Keys.flag(recovering),
            Keys.flag(ownerDied),
            Keys.flag(touch));
    reader.drain(
        args,
        claim -> {
          touchedAt = touch ? now : touchedAt;
          drained(claim, recovering);
        },
        this::callFailed);
  }

  private void drained(Claim claim, boolean recovering) {
    calling(false);
    if (claim.isFenced()) {
      fenced(claim);
      return;
    }
    recover = false;
    if (claim.isNoList()) {
      reader.noList();
    } else {
      claimed(claim, recovering);
    }
  }

  private void fenced(Claim claim) {
    String by = claim.owner();
    if (by.equals(shared.me().name())) {
      handedOver(claim.ownersEpoch());
      return;
    }
    owner = false;
    recover = false; // is for the owner
    if (!by.isEmpty() && !peers.isAmong(claim.ownersHolders())) {
      registered(false); // until the next sweep: whoever took this node out may have known why
    } else if (by.isEmpty()) {
      done = 0;
      lost();
    } else {
      peers.checkOwner(user.id(), by);
      step();
    }
  }

  /** Copies of what the owner before delivered may still be in the inbox, and come first. */
  private void handedOver(byte[] newEpoch) {
    calling(true);
    Runnable own =
        () -> {
          calling(false);
          owner = true;
          epoch = newEpoch;
          recover = true;
          step();
        };
    peers
        .barriers()
        .pass()
        .whenComplete((done, e) -> worker.execute(e == null ? own : () -> callFailed(e)));
  }

  private void claimed(Claim claim, boolean recovering) {
    sameList(claim.listEpoch());
    ownerDied = false;
    reader.dropped(claim);
    if (claim.entries().isEmpty()) {
      wake |= claim.moreWait();
      step();
    } else {
      Batch next = reader.batch(claim, recovering, this::ended);
      batch = next;
      next.run();
    }
  }

  /** Offsets count within one life of the list. */
  private void sameList(String nowEpoch) {
    if (!nowEpoch.equals(listEpoch)) {
      listEpoch = nowEpoch;
      done = 0;
    }
  }

  /** All deliveries of a batch have ended, one way or another. */
  private void ended(Batch which) {
    if (which != batch) {
      return;
    }
    if (which.judge(isWanted())) {
      done = which.done();
      reader.delivered(which.size());
      batch = null;
      wake = true;
      step();
    } else if (isWanted()) {
      shared
          .thread()
          .schedule(() -> worker.execute(this::step), which.pauseMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private List<byte[]> keys() {
    return List.of(shared.keys().user(user.id()));
  }

  private void changeFailed(Throwable e) {
    recover = true;
    notKnown(e);
  }

  /** Whether it was done is not known: what is pending comes first, and offsets keep it right. */
  private void callFailed(Throwable e) {
    recover = true;
    failed(e);
  }
}
