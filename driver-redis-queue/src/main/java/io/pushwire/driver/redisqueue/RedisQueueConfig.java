package io.pushwire.driver.redisqueue;

import io.pushwire.api.ConfigurationException;
import io.pushwire.core.Settings;
import io.pushwire.core.SettingsReader;
import io.pushwire.driver.redis.RedisTls;
import io.pushwire.driver.redis.RedisUris;
import java.time.Duration;
import java.util.List;

/**
 * What the driver can be told.
 *
 * @param uris {@code uri}: where Redis is
 * @param tls {@code tls.…}: for {@code rediss}
 * @param keys {@code prefix} and {@code ingress}: what its keys are called
 * @param consume {@code consume}: the end of a user's list that is read
 * @param maxLength {@code max-length}: the most messages that wait for a user
 * @param ttl {@code ttl}: how long they wait after the last one came
 * @param inboxLength {@code inbox-length}: the most live messages that wait for a node
 * @param lease {@code lease}: how long a node counts as alive that is silent
 * @param sweep {@code sweep}: how often a node looks after its users' lists
 */
record RedisQueueConfig(
    RedisUris uris,
    RedisTls tls,
    Keys keys,
    Consume consume,
    int maxLength,
    Duration ttl,
    int inboxLength,
    Duration lease,
    Duration sweep) {
  static final int DEFAULT_MAX_LENGTH = 1000;
  static final int DEFAULT_INBOX_LENGTH = 50_000;
  static final Duration DEFAULT_TTL = Duration.ofDays(7);
  static final Duration DEFAULT_LEASE = Duration.ofSeconds(15);
  static final Duration DEFAULT_SWEEP = Duration.ofSeconds(1);

  /** The end of a list that is read; producers push at the other one. */
  enum Consume {
    RIGHT("LPUSH", "RPOP"),
    LEFT("RPUSH", "LPOP");

    private final String push;
    private final String pop;

    Consume(String push, String pop) {
      this.push = push;
      this.pop = pop;
    }

    byte[] push() {
      return Keys.utf8(push);
    }

    byte[] pop() {
      return Keys.utf8(pop);
    }
  }

  /** Checks what depends on more than one value. */
  RedisQueueConfig {
    if (lease.compareTo(sweep.multipliedBy(3)) < 0) {
      throw new ConfigurationException(
          "lease = " + lease.toMillis() + " ms: expected at least three times sweep");
    }
  }

  static RedisQueueConfig from(Settings settings) {
    SettingsReader reader = settings.reader();
    RedisUris uris =
        reader.parsed("uri", RedisUris.parse(RedisUris.DEFAULT), RedisUris.FORM, RedisUris::parse);
    String prefix =
        reader.parsed(
            "prefix", Keys.DEFAULT_PREFIX, "text without { and }", RedisQueueConfig::prefix);
    Keys keys = keys(reader, prefix);
    Consume consume = reader.choice("consume", Consume.RIGHT);
    int maxLength = reader.number("max-length", DEFAULT_MAX_LENGTH, 1, 100_000_000);
    Duration ttl = reader.duration("ttl", DEFAULT_TTL, Duration.ofSeconds(1));
    int inboxLength = reader.number("inbox-length", DEFAULT_INBOX_LENGTH, 100, 100_000_000);
    Duration sweep = reader.duration("sweep", DEFAULT_SWEEP, Duration.ofMillis(50));
    Duration lease = reader.duration("lease", DEFAULT_LEASE, Duration.ofMillis(150));
    if (lease.compareTo(sweep.multipliedBy(3)) < 0) {
      reader.problem("lease", "expected at least three times sweep");
      lease = sweep.multipliedBy(3);
    }
    RedisTls tls = RedisTls.read(reader);
    reader.finish();
    return new RedisQueueConfig(
        uris, tls, keys, consume, maxLength, ttl, inboxLength, lease, sweep);
  }

  private static String prefix(String text) {
    if (text.contains("{") || text.contains("}")) {
      throw new IllegalArgumentException(text);
    }
    return text;
  }

  private static Keys keys(SettingsReader reader, String prefix) {
    Keys standard = new Keys(prefix, Keys.DEFAULT_LISTS);
    List<String> ingress = reader.list("ingress");
    if (ingress.size() > 1) {
      reader.problem("ingress", "expected one entry: users have one kind of list");
      return standard;
    }
    return reader.parsed(
        "ingress",
        standard,
        Keys.DEFAULT_LISTS + "=user, with any text around {user}",
        text -> {
          int end = text.lastIndexOf('=');
          if (end < 0 || !text.substring(end + 1).strip().equals("user")) {
            throw new IllegalArgumentException(text);
          }
          return new Keys(prefix, text.substring(0, end).strip());
        });
  }

  /** How long the directory of a user outlives the last sign of life of the nodes in it. */
  Duration directoryTtl() {
    Duration day = Duration.ofDays(1);
    return ttl.multipliedBy(2).compareTo(day) > 0 ? ttl.multipliedBy(2) : day;
  }

  /** How long what belongs to a node outlives its lease. */
  Duration inboxTtl() {
    return lease.multipliedBy(4);
  }

  /** Without user and password. */
  @Override
  public String toString() {
    return "uri="
        + uris
        + ", "
        + keys
        + ", consume="
        + consume
        + ", max-length="
        + maxLength
        + ", ttl="
        + ttl
        + ", lease="
        + lease
        + ", sweep="
        + sweep;
  }
}
