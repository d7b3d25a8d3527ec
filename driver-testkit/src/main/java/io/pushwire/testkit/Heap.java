package io.pushwire.testkit;

import static org.assertj.core.api.Assertions.assertThat;

/** What the heap holds, garbage not counted. */
final class Heap {
  private static final long MIB = 1024 * 1024;

  private final long before = held();
  private long most = before;

  /** Looks how much it is now. */
  void look() {
    most = Math.max(most, held());
  }

  void assertGrewByLessThan(long mebibytes) {
    assertThat((most - before) / MIB).as("MiB by which the heap grew").isLessThan(mebibytes);
  }

  @SuppressWarnings("System.gc") // garbage would hide what is held
  private static long held() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
