package io.pushwire.driver.redisqueue;

import io.lettuce.core.RedisCommandExecutionException;
import java.util.List;

/** What {@code drain.lua} returns for one user. */
final class Claim {
  private final List<?> reply;

  Claim(List<?> reply) {
    this.reply = reply;
  }

  /** Another node owns the list, or nobody does. */
  boolean isFenced() {
    return number(0) == 0;
  }

  /** The key holds something else. */
  boolean isNoList() {
    return number(0) == 2;
  }

  /** Redis did not do it. */
  boolean isFailed() {
    return number(0) == 3;
  }

  RedisCommandExecutionException failure() {
    return new RedisCommandExecutionException(Keys.text(reply.get(1)));
  }

  /** If it is fenced. */
  String owner() {
    return Keys.text(reply.get(1));
  }

  /** If it is fenced. */
  byte[] ownersEpoch() {
    return (byte[]) reply.get(2);
  }

  /** If it is fenced. */
  String ownersHolders() {
    return Keys.text(reply.get(3));
  }

  /** Of the first entry. */
  long offset() {
    return number(1);
  }

  /** Offsets count within one. */
  String listEpoch() {
    return Keys.text(reply.get(2));
  }

  String holders() {
    return Keys.text(reply.get(3));
  }

  /** How often an owner has died with the first entry. */
  long deaths() {
    return number(4);
  }

  long droppedByProducers() {
    return number(5);
  }

  long droppedNow() {
    return number(6);
  }

  boolean moreWait() {
    return number(7) > 0;
  }

  /** Bytes each, or the size of one that is too large. */
  List<?> entries() {
    return (List<?>) reply.get(8);
  }

  private long number(int index) {
    return (Long) reply.get(index);
  }
}
