package io.pushwire.driver.redisqueue;

import io.pushwire.api.Target;
import io.pushwire.core.Counters;
import io.pushwire.core.Interruption;
import io.pushwire.core.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes deliveries of what was claimed from one user's list. Belongs to its worker. */
final class Reader {
  private static final Logger log = LoggerFactory.getLogger(Reader.class);

  private final Target.User user;
  private final Worker worker;
  private final Shared shared;
  private final Peers peers;
  private boolean noListSaid;
  private long late;
  private long dropped;

  Reader(Target.User user, Worker worker, Shared shared, Peers peers) {
    this.user = user;
    this.worker = worker;
    this.shared = shared;
    this.peers = peers;
  }

  Worker worker() {
    return worker;
  }

  /** The list was taken while so many waited: they come late. */
  void found(long waiting) {
    late = waiting;
  }

  /** Asks for the next entries; on the worker. */
  void drain(List<byte[]> args, Consumer<Claim> then, Consumer<Throwable> failed) {
    Consumer<Object> drained =
        reply -> {
          Claim claim = new Claim((List<?>) reply);
          if (claim.isFailed()) {
            failed.accept(claim.failure());
          } else {
            then.accept(claim);
          }
        };
    worker.drains().add(List.of(shared.keys().user(user.id())), args, drained, failed);
  }

  /**
   * @param recovering whether a delivery of the entries was begun before
   */
  Batch batch(Claim claim, boolean recovering, Consumer<Batch> ended) {
    List<Item> items = new ArrayList<>(claim.entries().size());
    for (Object entry : claim.entries()) {
      String position = claim.listEpoch() + ":" + (claim.offset() + items.size());
      items.add(peers.entries().read(entry, user, position));
    }
    if (recovering && claim.deaths() >= Item.ATTEMPTS) {
      items.get(0).giveUp("its node died " + Item.ATTEMPTS + " times while delivering it");
    }
    List<String> others = peers.others(claim.holders());
    return new Batch(this, claim.offset(), items, recovering, others, shared, ended);
  }

  void delivered(int count) {
    for (int i = 0; i < count && late > 0; i++, late--) {
      shared.context().counters().deliveredLate();
    }
  }

  void dropped(Claim claim) {
    dropped += claim.droppedByProducers() + claim.droppedNow();
    if (claim.droppedNow() > 0) {
      shared.context().counters().dropped(Counters.Reason.STORED_LIMIT, claim.droppedNow());
    }
    // a flooded list is cut in many steps, and reported once
    if (dropped > 0 && !(claim.entries().isEmpty() && claim.moreWait())) {
      String why = dropped + " messages of a user were more than max-length allows";
      dropped = 0;
      Instant time = Instant.now();
      shared.context().delivery().interrupted(Interruption.of(time, time, why));
    }
  }

  void noList() {
    if (!noListSaid) {
      noListSaid = true;
      shared.context().counters().dropped(Counters.Reason.MALFORMED, 1);
      log.warn("{} is no list; nothing reaches its user", shared.keys().listName(user.id()));
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
}
