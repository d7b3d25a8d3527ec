package io.pushwire.core;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What every driver does with the bytes that another node has published. */
final class Receiving {
  private static final Logger log = LoggerFactory.getLogger(Receiving.class);
  private static final CompletionStage<Outcome> REJECTED =
      CompletableFuture.completedStage(Outcome.REJECTED);

  private Receiving() {}

  static CompletionStage<Outcome> receive(DriverContext context, byte[] bytes, Arrival arrival) {
    try {
      return context.delivery().deliver(context.codec().decode(bytes), arrival);
    } catch (MalformedException e) {
      context.counters().dropped(Counters.Reason.MALFORMED, 1);
      log.warn("Dropped what is no envelope: {}", e.getMessage());
    } catch (Throwable e) { // a thread that delivers must outlive whatever one message does
      log.error("An envelope could not be delivered", e);
    }
    return REJECTED;
  }
}
