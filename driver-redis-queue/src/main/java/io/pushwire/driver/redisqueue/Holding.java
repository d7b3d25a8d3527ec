package io.pushwire.driver.redisqueue;

import io.lettuce.core.RedisCommandExecutionException;
import io.pushwire.api.RefusedException;
import io.pushwire.api.Target;
import java.util.ArrayList;
import java.util.List;

/**
 * One target that core wants or no longer wants here, and what Redis knows of that. One command is
 * under way at a time; when it has ended, the next follows from the difference, so that calls take
 * effect in their order however long the link was away. Belongs to its worker's thread.
 */
abstract class Holding {
  final Target target;
  final Worker worker;
  private final List<Countdown> waiting = new ArrayList<>(1);
  private boolean wanted;
  private boolean registered;
  private boolean calling;
  private boolean unclear;

  Holding(Target target, Worker worker) {
    this.target = target;
    this.worker = worker;
  }

  /** Sends the command that makes Redis know. */
  abstract void register();

  /** Sends the command that makes it forget. */
  abstract void deregister();

  /** Does what there is to do while both agree. */
  void work() {}

  final void want(boolean on, Countdown done) {
    wanted = on;
    waiting.add(done);
    step();
  }

  final void step() {
    if (calling) {
      return;
    }
    if (wanted != registered || unclear) {
      calling = true;
      if (wanted) {
        register();
      } else {
        deregister();
      }
      return;
    }
    waiting.forEach(Countdown::one);
    waiting.clear();
    if (registered) {
      work();
    } else {
      worker.forget(this);
    }
  }

  /** A command has ended: Redis knows, or has forgotten. */
  final void registered(boolean now) {
    calling = false;
    registered = now;
    unclear = false;
  }

  /** Redis has lost what it knew. */
  final void lost() {
    registered = false;
    step();
  }

  /** The same, and tells when it knows again. */
  final void anew(Countdown done) {
    waiting.add(done);
    lost();
  }

  /** A command has failed; it is tried again with the next sweep, or when the link is back. */
  final void failed(Throwable e) {
    calling = false;
    Throwable cause = Link.cause(e);
    if (wanted && !registered && isRefusal(cause)) {
      wanted = false;
      unclear = false;
      RefusedException refused =
          new RefusedException("Redis refuses " + target + ": " + cause.getMessage(), cause);
      waiting.forEach(done -> done.failed(refused));
      waiting.clear();
      worker.forget(this);
    }
  }

  /** The same of one that registers or deregisters: Redis may have done it, or do it yet. */
  final void notKnown(Throwable e) {
    unclear |= !(Link.cause(e) instanceof Link.Down);
    failed(e);
  }

  private static boolean isRefusal(Throwable e) {
    String text = String.valueOf(e.getMessage());
    return e instanceof RedisCommandExecutionException
        && (text.contains("NOPERM") || text.contains("ACL") || text.contains("can't run this"));
  }

  final void calling(boolean now) {
    calling = now;
  }

  final boolean isCalling() {
    return calling;
  }

  final boolean isWanted() {
    return wanted;
  }

  final boolean isSettled() {
    return !calling && wanted && registered;
  }
}
