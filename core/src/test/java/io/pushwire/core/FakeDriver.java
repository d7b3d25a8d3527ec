package io.pushwire.core;

import io.pushwire.api.ClosedException;
import io.pushwire.api.Envelope;
import io.pushwire.api.Receipt;
import io.pushwire.api.Target;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Writes down how it is called; answers as it is told. */
final class FakeDriver implements MessageDriver {
  final List<String> calls = Collections.synchronizedList(new ArrayList<>());
  final List<Envelope> published = Collections.synchronizedList(new ArrayList<>());
  Function<Envelope, CompletionStage<Receipt>> onPublish =
      envelope ->
          CompletableFuture.completedStage(
              Receipt.builder(envelope.id(), Receipt.Status.ACCEPTED).build());
  Function<Collection<Target>, CompletionStage<Void>> onSubscribe =
      targets -> CompletableFuture.completedStage(null);
  volatile boolean closed;

  @Override
  public CompletionStage<Receipt> publish(Envelope envelope) {
    if (closed) {
      return CompletableFuture.failedStage(new ClosedException("The fake driver"));
    }
    published.add(envelope);
    return onPublish.apply(envelope);
  }

  @Override
  public CompletionStage<Void> subscribe(Collection<Target> targets) {
    calls.add("subscribe " + targets);
    return onSubscribe.apply(targets);
  }

  @Override
  public CompletionStage<Void> unsubscribe(Collection<Target> targets) {
    calls.add("unsubscribe " + targets);
    return CompletableFuture.completedStage(null);
  }

  @Override
  public void relink() {
    calls.add("relink");
  }

  @Override
  public void close() {
    calls.add("close");
    closed = true;
  }
}
