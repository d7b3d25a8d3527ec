package io.pushwire.core;

import io.pushwire.api.Envelope;
import io.pushwire.api.Payload;
import io.pushwire.api.Target;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/**
 * Reads what programs send that know nothing of Pushwire's envelope. Two forms, told apart by the
 * first bytes:
 *
 * <pre>
 *   PW1 {"to":{"user":"42"},"ttl":60,"id":"a-17","binary":true}\n…   the payload follows the line
 *   anything else                                                    is the payload itself
 * </pre>
 *
 * <p>Every field of the line may be missing. {@code to} is read by {@link Targets}; {@code ttl} is
 * in seconds; {@code id} makes repeats recognisable. Without {@code binary} a payload is text if it
 * is valid UTF-8. Stateless; any thread.
 *
 * @since 0.1
 */
public final class ForeignParser {
  /** The most bytes that a {@code PW1} line may have, its end included: {@value}. */
  public static final int MAX_LINE = 4096;

  private static final byte[] MARK = "PW1 ".getBytes(StandardCharsets.US_ASCII);

  private final Clock clock;

  /**
   * @param clock dates what is read
   */
  public ForeignParser(Clock clock) {
    this.clock = clock;
  }

  /**
   * Reads a message from a channel, list or queue that stands for one target: a header may repeat
   * that target, and no other.
   *
   * @param bytes the message; its envelope goes on using the array, which must never change again
   * @param source the channel's name: ids are unique within it
   * @param target what the channel stands for
   * @return the envelope
   * @throws MalformedException if it cannot be read
   * @throws ForbiddenException if it names another target, or claims to be an internal envelope
   */
  public Envelope parseFor(byte[] bytes, String source, Target target) {
    Message message = read(bytes);
    if (message.to != null && !message.to.equals(List.of(target))) {
      throw new ForbiddenException("A message on " + source + " names a target of its own");
    }
    return envelope(message, source, target);
  }

  /**
   * Reads a message from a channel, list or queue that only has a default target: a header may name
   * any other.
   *
   * @param bytes the message; its envelopes go on using the array, which must never change again
   * @param source the channel's name: ids are unique within it
   * @param otherwise whom it is for if it does not say so
   * @return an envelope for each target
   * @throws MalformedException if it cannot be read
   * @throws ForbiddenException if it claims to be an internal envelope
   */
  public List<Envelope> parse(byte[] bytes, String source, Target otherwise) {
    Message message = read(bytes);
    if (message.to == null) {
      return List.of(envelope(message, source, otherwise));
    }
    List<Envelope> envelopes = new ArrayList<>(message.to.size());
    for (Target target : message.to) {
      envelopes.add(envelope(message, source, target));
    }
    return envelopes;
  }

  private Envelope envelope(Message message, String source, Target target) {
    UUID id = message.id == null ? Ids.next() : Ids.derive(source, message.id);
    Envelope.Builder builder =
        Envelope.builder(target, message.payload).ttl(message.ttl).sentAt(clock.instant());
    return (message.id == null ? builder.id(id) : builder.givenId(id)).build();
  }

  private static Message read(byte[] bytes) {
    if (EnvelopeCodec.isInternal(bytes)) {
      throw new ForbiddenException("An internal envelope where only foreign programs write");
    }
    for (int i = 0; i < MARK.length; i++) {
      if (i >= bytes.length || bytes[i] != MARK[i]) {
        return new Message(Payload.guess(bytes, 0, bytes.length));
      }
    }
    int end = MARK.length;
    while (end < Math.min(bytes.length, MAX_LINE) && bytes[end] != '\n') {
      end++;
    }
    if (end == bytes.length || end == MAX_LINE) {
      throw new MalformedException("A PW1 line does not end within " + MAX_LINE + " bytes");
    }
    Line line = Line.read(bytes, MARK.length, end - MARK.length);
    int start = end + 1;
    Message message;
    try {
      message =
          new Message(
              line.binary == null
                  ? Payload.guess(bytes, start, bytes.length - start)
                  : Payload.wrap(line.binary, bytes, start, bytes.length - start));
    } catch (IllegalArgumentException e) {
      throw new MalformedException("A PW1 message says it is text, but is not UTF-8", e);
    }
    message.to = line.to;
    message.ttl = line.ttl;
    message.id = line.id;
    return message;
  }

  private static final class Message {
    private final Payload payload;
    private @Nullable List<Target> to;
    private @Nullable Duration ttl;
    private @Nullable String id;

    Message(Payload payload) {
      this.payload = payload;
    }
  }

  /** The JSON object of a PW1 line. */
  private static final class Line {
    private @Nullable List<Target> to;
    private @Nullable Duration ttl;
    private @Nullable String id;
    private Payload.@Nullable Type binary;

    static Line read(byte[] bytes, int offset, int length) {
      Line line = new Line();
      try (JsonParser in =
          Targets.Json.FACTORY.createParser(ObjectReadContext.empty(), bytes, offset, length)) {
        if (in.nextToken() != JsonToken.START_OBJECT) {
          throw new MalformedException("A PW1 line holds no JSON object");
        }
        while (in.nextToken() != JsonToken.END_OBJECT) {
          line.field(in.currentName(), in.nextToken(), in);
        }
        if (in.nextToken() != null) {
          throw new MalformedException("A PW1 line goes on after its JSON object");
        }
        return line;
      } catch (JacksonException e) {
        // the cause is left out: its text may quote the message
        throw new MalformedException("A PW1 line holds no valid JSON");
      } catch (IllegalArgumentException e) {
        throw new MalformedException("A PW1 line holds a wrong value: " + e.getMessage(), e);
      }
    }

    private void field(String name, JsonToken value, JsonParser in) {
      switch (name) {
        case "to" -> to = Targets.read(in);
        case "ttl" -> ttl = seconds(value, in);
        case "id" -> {
          if (value != JsonToken.VALUE_STRING && value != JsonToken.VALUE_NUMBER_INT) {
            throw new IllegalArgumentException("'id' is a string");
          }
          id = in.getString();
        }
        case "binary" -> {
          if (value != JsonToken.VALUE_TRUE && value != JsonToken.VALUE_FALSE) {
            throw new IllegalArgumentException("'binary' is true or false");
          }
          binary = value == JsonToken.VALUE_TRUE ? Payload.Type.BINARY : Payload.Type.TEXT;
        }
        default -> throw new IllegalArgumentException("unknown field '" + name + "'");
      }
    }

    private static Duration seconds(JsonToken value, JsonParser in) {
      if (!value.isNumeric()) {
        throw new IllegalArgumentException("'ttl' is a number of seconds");
      }
      return ttl(in.getDecimalValue());
    }
  }

  /**
   * @param seconds a time to live as foreign programs write it
   * @return the same
   * @throws IllegalArgumentException if it is less than a millisecond or more than ten years
   */
  public static Duration ttl(BigDecimal seconds) {
    if (seconds.compareTo(new BigDecimal("0.001")) < 0
        || seconds.compareTo(new BigDecimal(315_360_000)) > 0) {
      throw new IllegalArgumentException("'ttl' is a number of seconds from 0.001 to 315360000");
    }
    return Duration.ofMillis(seconds.movePointRight(3).longValue());
  }
}
