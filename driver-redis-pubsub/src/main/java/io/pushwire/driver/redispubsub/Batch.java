package io.pushwire.driver.redispubsub;

import java.util.List;

/** The channels of one command. */
final class Batch {
  private final boolean subscribe;
  private final List<Channel> channels;
  private final long sentAt;
  private int open;

  Batch(boolean subscribe, List<Channel> channels, long now) {
    this.subscribe = subscribe;
    this.channels = channels;
    this.sentAt = now;
    this.open = channels.size();
  }

  boolean isSubscribe() {
    return subscribe;
  }

  List<Channel> channels() {
    return channels;
  }

  String[] names() {
    return channels.stream().map(channel -> channel.name).toArray(String[]::new);
  }

  long sentAt() {
    return sentAt;
  }

  /** Whether Redis has confirmed the last one. */
  boolean confirmedOne() {
    return --open == 0;
  }
}
