package io.pushwire.driver.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import io.pushwire.api.Envelope;
import io.pushwire.api.Payload;
import io.pushwire.api.Target;
import io.pushwire.api.WhenOffline;
import io.pushwire.core.DriverContext;
import io.pushwire.core.Ids;
import io.pushwire.core.MalformedException;
import io.pushwire.core.Targets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a foreign program put into a queue: raw, with a {@code PW1} line, or with AMQP's own
 * headers and properties. Where the line and they both speak, the line holds.
 */
final class IngressMessage {
  /** Whom it is for, as in the HTTP body: {@value}. */
  static final String TO = "x-pw-to";

  /** Text or binary: {@value}. */
  static final String TYPE = "x-pw-type";

  private IngressMessage() {}

  /**
   * @param queue where it comes from: message ids are unique within it
   * @param otherwise whom it is for if it does not say so
   * @return an envelope for each target
   * @throws MalformedException if it cannot be read
   */
  static List<Envelope> read(
      byte[] body,
      BasicProperties properties,
      String queue,
      Target otherwise,
      DriverContext context) {
    try {
      String to = header(properties, TO);
      List<Target> targets = to == null ? List.of(otherwise) : Targets.parse(to);
      List<Envelope> parsed = context.foreignParser().parse(body, queue, targets.get(0));
      Envelope first = parsed.get(0);
      if (parsed.size() > 1 || !first.target().equals(targets.get(0))) {
        targets = parsed.stream().map(Envelope::target).toList();
      }
      Payload payload = typed(first.payload(), header(properties, TYPE));
      if (payload.size() > context.maxPayloadSize()) {
        throw new MalformedException(
            "A payload of "
                + payload.size()
                + " bytes, where message.max-size allows "
                + context.maxPayloadSize());
      }
      Duration ttl = first.ttl().orElse(expiration(properties));
      String messageId = properties.getMessageId();
      boolean given = first.idGiven() || messageId != null;
      UUID id = first.idGiven() || messageId == null ? first.id() : Ids.derive(queue, messageId);
      return targets.stream()
          .map(target -> envelope(target, payload, ttl, id, given, first))
          .toList();
    } catch (IllegalArgumentException e) {
      throw new MalformedException("A header holds a wrong value: " + e.getMessage(), e);
    }
  }

  private static Envelope envelope(
      Target target, Payload payload, @Nullable Duration ttl, UUID id, boolean given, Envelope as) {
    Envelope.Builder builder =
        Envelope.builder(target, payload)
            .ttl(ttl)
            .sentAt(as.sentAt())
            .whenOffline(target instanceof Target.User ? WhenOffline.DROP : null);
    return (given ? builder.givenId(id) : builder.id(id)).build();
  }

  private static Payload typed(Payload payload, @Nullable String type) {
    if (type == null) {
      return payload;
    }
    Payload.Type wanted =
        switch (type) {
          case "text" -> Payload.Type.TEXT;
          case "binary" -> Payload.Type.BINARY;
          default -> throw new IllegalArgumentException(TYPE + " is text or binary");
        };
    return payload.type() == wanted
        ? payload
        : Payload.wrap(wanted, payload.toByteArray(), 0, payload.size());
  }

  private static @Nullable Duration expiration(BasicProperties properties) {
    String millis = properties.getExpiration();
    return millis == null ? null : Duration.ofMillis(Math.max(1, Long.parseLong(millis)));
  }

  private static @Nullable String header(BasicProperties properties, String name) {
    Map<String, Object> headers = properties.getHeaders();
    Object value = headers == null ? null : headers.get(name);
    return value == null ? null : value.toString();
  }
}
