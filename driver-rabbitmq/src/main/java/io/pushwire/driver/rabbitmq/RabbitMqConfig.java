package io.pushwire.driver.rabbitmq;

import io.pushwire.api.Target;
import io.pushwire.core.Settings;
import io.pushwire.core.SettingsReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The settings below {@code driver.rabbitmq.}.
 *
 * @param uri {@code uri}: where the brokers are, and who we are to them
 * @param prefix {@code prefix}: what the names of exchanges and queues begin with
 * @param ingress {@code ingress}: by queue, whom its messages are for if they do not say so
 * @param persistent {@code persistent}: whether messages between nodes survive a restart of the
 *     broker
 * @param queueLimit {@code queue-limit}: how many messages may wait for one node; beyond that the
 *     oldest are dropped and the node reports an interruption
 * @param ca {@code tls.ca}: a PEM file with the authorities to trust instead of the JVM's
 */
record RabbitMqConfig(
    RabbitMqUri uri,
    String prefix,
    Map<String, Target> ingress,
    boolean persistent,
    int queueLimit,
    Optional<Path> ca) {
  /** The default of {@code uri}: {@value}. */
  static final String DEFAULT_URI = "amqp://guest:guest@localhost:5672";

  /** The default of {@code prefix}: {@value}. */
  static final String DEFAULT_PREFIX = "pw.";

  /** The default of {@code queue-limit}: {@value}. */
  static final int DEFAULT_QUEUE_LIMIT = 100_000;

  /** The queue that is read unless {@code ingress} says otherwise: {@value}. */
  static final String DEFAULT_INGRESS = "ws.notice";

  private static final String PREFIX_FORM = "[A-Za-z0-9._:-]{1,64}";

  // of the 255 bytes of a name on the broker, ".dead" must fit as well
  private static final int MAX_QUEUE_NAME = 240;

  static RabbitMqConfig from(Settings settings) {
    SettingsReader reader = settings.reader();
    RabbitMqUri uri =
        reader.parsed(
            "uri",
            RabbitMqUri.parse(DEFAULT_URI),
            "amqp[s]://[user:password@]host[:port][,host[:port]…][/virtual-host]",
            RabbitMqUri::parse);
    String prefix =
        reader.parsed(
            "prefix",
            DEFAULT_PREFIX,
            "1 to 64 of A-Z, a-z, 0-9, dot, colon, _ and -",
            value -> {
              if (!value.matches(PREFIX_FORM)) {
                throw new IllegalArgumentException();
              }
              return value;
            });
    // an application with a prefix of its own must not take messages from the others' queue
    String queue = prefix.equals(DEFAULT_PREFIX) ? DEFAULT_INGRESS : prefix + DEFAULT_INGRESS;
    Map<String, Target> ingress =
        reader.parsed(
            "ingress",
            Map.of(queue, Target.everyone()),
            "none, or queue=target, …, where a target is everyone, topic:name or user:id",
            RabbitMqConfig::ingress);
    RabbitMqConfig config =
        new RabbitMqConfig(
            uri,
            prefix,
            ingress,
            reader.flag("persistent", true),
            reader.number("queue-limit", DEFAULT_QUEUE_LIMIT, 1000, 10_000_000),
            reader.parsed(
                "tls.ca", Optional.empty(), "a file that can be read", RabbitMqConfig::file));
    reader.finish();
    return config;
  }

  private static Optional<Path> file(String value) {
    Path path = Path.of(value);
    if (!Files.isReadable(path)) {
      throw new IllegalArgumentException();
    }
    return Optional.of(path);
  }

  private static Map<String, Target> ingress(String value) {
    Map<String, Target> ingress = new LinkedHashMap<>();
    if (value.equals("none")) {
      return ingress;
    }
    for (String entry : value.split(",", -1)) {
      int equals = entry.lastIndexOf('=');
      String queue = equals < 0 ? "" : entry.substring(0, equals).strip();
      if (queue.isEmpty() || queue.length() > MAX_QUEUE_NAME || queue.indexOf('{') >= 0) {
        throw new IllegalArgumentException();
      }
      if (ingress.put(queue, target(entry.substring(equals + 1).strip())) != null) {
        throw new IllegalArgumentException();
      }
    }
    return ingress;
  }

  private static Target target(String text) {
    if (text.equals("everyone")) {
      return Target.everyone();
    } else if (text.startsWith("topic:")) {
      return Target.topic(text.substring("topic:".length()));
    } else if (text.startsWith("user:")) {
      return Target.user(text.substring("user:".length()));
    }
    throw new IllegalArgumentException();
  }
}
