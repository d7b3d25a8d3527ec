package io.pushwire.testkit;

import io.pushwire.api.Target;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.stream.IntStream;

/** Users {@code u0} to {@code u<size - 1>}, made when they are asked for. */
final class ManyUsers extends AbstractSet<Target> {
  private final int size;
  private final Runnable everyTenth;

  /**
   * @param everyTenth is called ten times on the way through
   */
  ManyUsers(int size, Runnable everyTenth) {
    this.size = size;
    this.everyTenth = everyTenth;
  }

  @Override
  public Iterator<Target> iterator() {
    return IntStream.range(0, size).mapToObj(this::user).iterator();
  }

  private Target user(int number) {
    if (number % (size / 10) == size / 20) {
      everyTenth.run();
    }
    return Target.user("u" + number);
  }

  @Override
  public int size() {
    return size;
  }
}
