package io.pushwire.server.transport;

import io.pushwire.core.Connection;
import org.jspecify.annotations.Nullable;

/** Ranges of shared batches, oldest first. Nothing is allocated while it is empty. Loop only. */
final class FrameQueue {
  private @Nullable Range first;
  private @Nullable Range last;

  /**
   * Whole frames of a batch, of which the first may have been begun. It holds a reference to the
   * batch.
   */
  static final class Range {
    final Batch batch;
    int start;
    int end;
    private @Nullable Range next;

    Range(Batch batch, int start, int end) {
      this.batch = batch;
      this.start = start;
      this.end = end;
    }

    int size() {
      return end - start;
    }

    void tell(Connection connection, boolean written) {
      batch.tell(connection, start, end, written);
    }
  }

  boolean isEmpty() {
    return first == null;
  }

  void add(Range range) {
    if (last == null) {
      first = range;
    } else {
      last.next = range;
    }
    last = range;
  }

  @Nullable Range poll() {
    Range range = first;
    if (range != null) {
      first = range.next;
      range.next = null;
      if (first == null) {
        last = null;
      }
    }
    return range;
  }

  /**
   * Takes the oldest frames, about as many bytes as wanted, at least one frame.
   *
   * @return a range that holds a reference of its own
   */
  @Nullable Range poll(int about) {
    Range range = first;
    if (range == null || range.size() <= about) {
      return poll();
    }
    int end = range.batch.chunkEnd(range.start, range.start + about);
    if (end == range.end) {
      return poll();
    }
    range.batch.retain();
    Range chunk = new Range(range.batch, range.start, end);
    range.start = end;
    return chunk;
  }

  /**
   * Takes the oldest frame, but never the newest one.
   *
   * @return a range of one frame that holds a reference of its own; null: there is one frame or
   *     none
   */
  @Nullable Range pollUnlessLast() {
    Range range = first;
    boolean only = range == null || (range == last && range.batch.isLastFrame(range.start));
    return only ? null : poll(1);
  }
}
