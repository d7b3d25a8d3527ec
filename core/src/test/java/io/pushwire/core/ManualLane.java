package io.pushwire.core;

import io.pushwire.api.Envelope;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.BiConsumer;

/** A lane whose tasks the test runs itself. */
final class ManualLane implements Lane {
  final List<Envelope> written = new ArrayList<>();
  int flushes;

  /** What becomes of a frame. */
  BiConsumer<Connection, WriteListener> onWrite =
      (connection, listener) -> listener.written(connection);

  Runnable onFlush = () -> {};

  private final Queue<Runnable> tasks = new ArrayDeque<>();

  @Override
  public synchronized void execute(Runnable task) {
    tasks.add(task);
  }

  @Override
  public void write(Members members, Envelope envelope, WriteListener listener) {
    written.add(envelope);
    for (int i = 0; i < members.size(); i++) {
      ((FakeConnection) members.get(i)).frames.add(envelope);
      onWrite.accept(members.get(i), listener);
    }
  }

  @Override
  public void flush() {
    flushes++;
    onFlush.run();
  }

  /** Runs what waits, and what that adds. */
  int run() {
    int count = 0;
    for (Runnable task = next(); task != null; task = next()) {
      task.run();
      count++;
    }
    return count;
  }

  private synchronized Runnable next() {
    return tasks.poll();
  }
}
