package io.pushwire.core;

import io.pushwire.api.ConnectionId;
import io.pushwire.api.Envelope;
import io.pushwire.api.NodeId;
import io.pushwire.api.Payload;
import io.pushwire.api.Target;
import io.pushwire.api.WhenOffline;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The one wire format between nodes, version {@value #VERSION}. Stateless; any thread.
 *
 * <pre>
 *   F7 50 version flags   F7 never begins UTF-8 text; flags: 1 binary payload, 2 control, 4 given id
 *   id                    16 bytes, big endian
 *   extensions            each: type (1 byte), length (varint), value
 *   00                    ends the extensions
 *   payload               to the end
 * </pre>
 *
 * <p>An unknown extension is skipped; with a type of 0x80 or above it is critical, and the envelope
 * is refused. Varints are unsigned LEB128.
 *
 * <pre>
 *   81 target    kind (1 user, 2 topic, 3 everyone, 4 connection, 5 node, 6 nodes), then its text
 *   02 sent at   8 bytes: milliseconds since 1970
 *   03 origin    node id
 *   84 ttl       varint: milliseconds
 *   05 header    length of the name (varint), name, value; may repeat
 *   86 except    a connection id; may repeat
 *   07 when offline   1 drop, 2 queue
 * </pre>
 *
 * @since 0.1
 */
public final class EnvelopeCodec {
  /** The version that is written, and the only one that is read: {@value}. */
  public static final int VERSION = 1;

  private static final byte MAGIC_0 = (byte) 0xF7;
  private static final byte MAGIC_1 = 0x50;
  private static final int FLAG_BINARY = 1;
  private static final int FLAG_CONTROL = 2;
  private static final int FLAG_GIVEN_ID = 4;

  private static final int END = 0x00;
  private static final int TARGET = 0x81;
  private static final int SENT_AT = 0x02;
  private static final int ORIGIN = 0x03;
  private static final int TTL = 0x84;
  private static final int HEADER = 0x05;
  private static final int EXCEPT = 0x86;
  private static final int WHEN_OFFLINE = 0x07;
  private static final int CRITICAL = 0x80;

  /** Makes a codec. */
  public EnvelopeCodec() {}

  /**
   * @param bytes any bytes
   * @return whether they claim to be this format
   */
  public static boolean isInternal(byte[] bytes) {
    return bytes.length >= 2 && bytes[0] == MAGIC_0 && bytes[1] == MAGIC_1;
  }

  /**
   * @param envelope an envelope
   * @return its bytes, in a new array
   */
  public byte[] encode(Envelope envelope) {
    ByteWriter out = new ByteWriter(envelope.payload().size() + 160);
    int flags = envelope.payload().type() == Payload.Type.BINARY ? FLAG_BINARY : 0;
    flags |= envelope.kind() == Envelope.Kind.CONTROL ? FLAG_CONTROL : 0;
    flags |= envelope.idGiven() ? FLAG_GIVEN_ID : 0;
    out.put(MAGIC_0).put(MAGIC_1).put(VERSION).put(flags);
    out.putLong(envelope.id().getMostSignificantBits());
    out.putLong(envelope.id().getLeastSignificantBits());

    byte[] name = utf8(TargetForm.text(envelope.target()));
    out.put(TARGET).putVarint(1 + name.length).put(TargetForm.kind(envelope.target())).put(name);
    out.put(SENT_AT).putVarint(8).putLong(envelope.sentAt().toEpochMilli());
    envelope.origin().ifPresent(origin -> out.put(ORIGIN).putSized(utf8(origin.value())));
    envelope
        .ttl()
        .ifPresent(
            ttl -> {
              long millis = ttl.toMillis();
              out.put(TTL).putVarint(ByteWriter.varintSize(millis)).putVarint(millis);
            });
    envelope
        .headers()
        .forEach(
            (key, value) -> {
              byte[] k = utf8(key);
              byte[] v = utf8(value);
              out.put(HEADER)
                  .putVarint((long) ByteWriter.varintSize(k.length) + k.length + v.length)
                  .putSized(k)
                  .put(v);
            });
    for (ConnectionId id : envelope.except()) {
      out.put(EXCEPT).putSized(utf8(id.toString()));
    }
    envelope
        .whenOffline()
        .ifPresent(
            when -> out.put(WHEN_OFFLINE).putVarint(1).put(when == WhenOffline.DROP ? 1 : 2));
    out.put(END);
    return out.put(envelope.payload().bytes()).toByteArray();
  }

  /**
   * @param bytes what arrived; the envelope's payload goes on using the array, which must never
   *     change again
   * @return the envelope
   * @throws MalformedException if they are no envelope of this version, or one with an unknown
   *     critical extension
   */
  public Envelope decode(byte[] bytes) {
    try {
      return read(bytes);
    } catch (BufferUnderflowException e) {
      throw new MalformedException("An envelope ends too early, after " + bytes.length + " bytes");
    } catch (IllegalArgumentException e) {
      throw new MalformedException("An envelope holds a wrong value: " + e.getMessage(), e);
    }
  }

  private static Envelope read(byte[] bytes) {
    if (!isInternal(bytes)) {
      throw new MalformedException("No envelope: it does not begin with F7 50");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes, 2, bytes.length - 2);
    int version = in.get();
    if (version != VERSION) {
      throw new MalformedException("An envelope of version " + version + ", not " + VERSION);
    }
    int flags = in.get();
    if ((flags & ~(FLAG_BINARY | FLAG_CONTROL | FLAG_GIVEN_ID)) != 0) {
      throw new MalformedException("An envelope has unknown flags");
    }
    UUID id = new UUID(in.getLong(), in.getLong());
    Extensions x = new Extensions();
    for (int type = in.get() & 0xFF; type != END; type = in.get() & 0xFF) {
      long length = ByteWriter.varint(in);
      if (length < 0 || length > in.remaining()) {
        throw new BufferUnderflowException();
      }
      x.read(type, in.slice(in.position(), (int) length));
      in.position(in.position() + (int) length);
    }
    if (x.target == null) {
      throw new MalformedException("An envelope has no target");
    }
    Payload.Type type = (flags & FLAG_BINARY) == 0 ? Payload.Type.TEXT : Payload.Type.BINARY;
    // checked again: anybody on the broker can write this form, and a browser closes on bad UTF-8
    Payload payload = Payload.wrap(type, bytes, in.position(), in.remaining());
    Envelope.Builder builder =
        Envelope.builder(x.target, payload)
            .kind((flags & FLAG_CONTROL) == 0 ? Envelope.Kind.MESSAGE : Envelope.Kind.CONTROL)
            .sentAt(Instant.ofEpochMilli(x.sentAt))
            .origin(x.origin)
            .ttl(x.ttl)
            .whenOffline(x.whenOffline)
            .except(x.except);
    x.headers.forEach(builder::header);
    return ((flags & FLAG_GIVEN_ID) == 0 ? builder.id(id) : builder.givenId(id)).build();
  }

  /** What the extensions of one envelope said. */
  private static final class Extensions {
    private @Nullable Target target;
    private long sentAt;
    private @Nullable NodeId origin;
    private @Nullable Duration ttl;
    private @Nullable WhenOffline whenOffline;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private final Set<ConnectionId> except = new HashSet<>();

    void read(int type, ByteBuffer value) {
      switch (type) {
        case TARGET -> target = TargetForm.target(value.get(), text(value));
        case SENT_AT -> sentAt = value.getLong();
        case ORIGIN -> origin = new NodeId(text(value));
        case TTL -> ttl = Duration.ofMillis(ByteWriter.varint(value));
        case HEADER -> {
          int length = (int) Math.min(ByteWriter.varint(value), Integer.MAX_VALUE);
          if (length > value.remaining()) {
            throw new BufferUnderflowException();
          }
          String key = text(value.slice(value.position(), length));
          headers.put(key, text(value.position(value.position() + length)));
        }
        case EXCEPT -> except.add(ConnectionId.parse(text(value)));
        case WHEN_OFFLINE ->
            whenOffline =
                switch (value.get()) {
                  case 1 -> WhenOffline.DROP;
                  case 2 -> WhenOffline.QUEUE;
                  default -> null;
                };
        default -> {
          if ((type & CRITICAL) != 0) {
            throw new MalformedException(
                "An envelope has the unknown critical extension " + Integer.toHexString(type));
          }
        }
      }
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(ByteBuffer value) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(value.duplicate()).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedException("An envelope holds text that is not UTF-8", e);
    }
  }
}
