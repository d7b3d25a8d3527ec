package io.pushwire.api;

import java.util.Map;
import java.util.UUID;

/**
 * What became of one message to several targets. Counts, so that its size does not depend on
 * theirs.
 *
 * @since 0.1
 */
public final class BatchReceipt {
  /** At most so many failures are listed by target: {@value}. */
  public static final int MAX_FAILURES = 100;

  private final UUID id;
  private final Map<Receipt.Status, Integer> counts;
  private final int failed;
  private final Map<Target, Throwable> failures;

  /**
   * @param id the id that the message had for every target
   * @param counts how many targets had which status
   * @param failed for how many targets the broker did not take it
   * @param failures the first {@value #MAX_FAILURES} of them, with the reason
   */
  public BatchReceipt(
      UUID id, Map<Receipt.Status, Integer> counts, int failed, Map<Target, Throwable> failures) {
    this.id = id;
    this.counts = Map.copyOf(counts);
    this.failed = failed;
    this.failures = Map.copyOf(failures);
  }

  /**
   * @return the id that the message had for every target
   */
  public UUID id() {
    return id;
  }

  /**
   * @param status a status
   * @return how many targets had it
   */
  public int count(Receipt.Status status) {
    return counts.getOrDefault(status, 0);
  }

  /**
   * @return for how many targets the broker did not take it
   */
  public int failed() {
    return failed;
  }

  /**
   * @return the first {@value #MAX_FAILURES} of the failures: target and reason
   */
  public Map<Target, Throwable> failures() {
    return failures;
  }

  @Override
  public String toString() {
    return id + " " + counts + ", failed " + failed;
  }
}
