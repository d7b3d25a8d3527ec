package io.pushwire.testkit;

import io.pushwire.api.Envelope;
import io.pushwire.core.Connection;
import io.pushwire.core.Lane;
import io.pushwire.core.Members;
import io.pushwire.core.WriteListener;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/**
 * An event loop for {@link TestConnection}s: one thread, and no sockets behind it.
 *
 * @since 0.1
 */
public final class TestLane implements Lane, AutoCloseable {
  private final ExecutorService thread;
  private final List<Runnable> pending = new ArrayList<>(); // the lane's

  /**
   * Starts the lane.
   *
   * @param name its thread's
   */
  public TestLane(String name) {
    thread =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread t = new Thread(task, name);
              t.setDaemon(true);
              return t;
            });
  }

  @Override
  public void execute(Runnable task) {
    try {
      thread.execute(task);
    } catch (RejectedExecutionException e) {
      // the lane has ended: tasks are dropped
    }
  }

  @Override
  public void write(Members members, Envelope envelope, WriteListener listener) {
    for (int i = 0; i < members.size(); i++) {
      Connection member = members.get(i);
      if (member instanceof TestConnection connection) {
        pending.add(() -> connection.write(envelope, listener));
      } else {
        throw new IllegalArgumentException(member + " belongs to another kind of lane");
      }
    }
  }

  @Override
  public void flush() {
    List<Runnable> frames = List.copyOf(pending);
    pending.clear();
    frames.forEach(Runnable::run);
  }

  /**
   * Blocks the lane, as a task that hangs would.
   *
   * @return completing it lets the lane go on
   */
  public CompletableFuture<Void> stall() {
    CompletableFuture<Void> end = new CompletableFuture<>();
    CompletableFuture<Void> begun = new CompletableFuture<>();
    execute(
        () -> {
          begun.complete(null);
          end.join();
        });
    Wait.done(begun, "the lane's current task");
    return end;
  }

  /** Waits until the lane has done all that was given to it before. */
  public void settle() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    execute(() -> done.complete(null));
    Wait.done(done, "the lane's tasks");
  }

  /** Ends the lane; what waits is dropped. */
  @Override
  public void close() {
    thread.shutdownNow();
  }
}
