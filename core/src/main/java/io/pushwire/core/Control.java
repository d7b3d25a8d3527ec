package io.pushwire.core;

import io.pushwire.api.Payload;
import io.pushwire.api.Receipt;
import io.pushwire.api.Target;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * What nodes tell each other, as payload of control envelopes. The origin of the envelope and the
 * incarnation in it say who speaks.
 *
 * <pre>
 *   kind (1 byte), incarnation (varint), then per kind; texts are UTF-8 with their length before
 *   1 heartbeat         version, size, interval in ms, answer (0, 1)
 *   2 changes           version before, count, each: online (0, 1), number, user
 *   3 snapshot request  incarnation of the node that is asked
 *   4 snapshot part     version, part, last (0, 1), count, each: number, user
 *   5 farewell
 *   6 probe             sequence
 * </pre>
 *
 * All numbers are unsigned LEB128. An unknown kind is ignored, so that a later version can speak.
 */
sealed interface Control {
  /** Sends control messages. */
  interface Out {
    CompletionStage<Receipt> send(Target target, Control message);
  }

  /** The incarnation of the node that speaks. */
  long incarnation();

  /**
   * The state of a node's part of the roster.
   *
   * @param version counts its changes
   * @param size how many entries it has
   * @param intervalMillis when to expect the next one: nodes may be set differently
   * @param answer whether everybody should send a heartbeat at once
   */
  record Heartbeat(long incarnation, long version, int size, long intervalMillis, boolean answer)
      implements Control {}

  /**
   * What changed since a version.
   *
   * @param before the version before the first change; each change raises it by one
   * @param changes in order
   */
  record Changes(long incarnation, long before, List<Change> changes) implements Control {}

  /**
   * A connection came or went.
   *
   * @param online whether it came
   * @param number the connection's number
   * @param user whose it is
   */
  record Change(boolean online, long number, String user) {}

  /**
   * Asks a node for all its entries.
   *
   * @param asked which start of it
   */
  record SnapshotRequest(long incarnation, long asked) implements Control {}

  /**
   * Some of a node's entries.
   *
   * @param version the version that all parts together are
   * @param part counts the parts from 0
   * @param last whether it is the last part
   * @param entries all online
   */
  record SnapshotPart(long incarnation, long version, int part, boolean last, List<Change> entries)
      implements Control {}

  /** The node closes. */
  record Farewell(long incarnation) implements Control {}

  /**
   * A node's message to itself.
   *
   * @param sequence counts them
   */
  record Probe(long incarnation, long sequence) implements Control {}

  /**
   * Asks a node to close one of its connections.
   *
   * @param request comes back with the answer
   * @param asked which start of the node
   * @param number the connection's number
   * @param code the WebSocket close code
   * @param reason for the close frame
   */
  record Close(long incarnation, long request, long asked, long number, int code, String reason)
      implements Control {}

  /**
   * Answers {@link Close}.
   *
   * @param request of the question
   * @param found whether there was such a connection
   */
  record Closed(long incarnation, long request, boolean found) implements Control {}

  /** The payload. */
  default Payload encode() {
    ByteWriter out = new ByteWriter(64);
    if (this instanceof Heartbeat h) {
      out.put(1).putVarint(h.incarnation).putVarint(h.version).putVarint(h.size);
      out.putVarint(h.intervalMillis);
      out.put(h.answer ? 1 : 0);
    } else if (this instanceof Changes c) {
      out.put(2).putVarint(c.incarnation).putVarint(c.before).putVarint(c.changes.size());
      c.changes.forEach(change -> put(out.put(change.online ? 1 : 0), change));
    } else if (this instanceof SnapshotRequest r) {
      out.put(3).putVarint(r.incarnation).putVarint(r.asked);
    } else if (this instanceof SnapshotPart s) {
      out.put(4).putVarint(s.incarnation).putVarint(s.version).putVarint(s.part);
      out.put(s.last ? 1 : 0).putVarint(s.entries.size());
      s.entries.forEach(entry -> put(out, entry));
    } else if (this instanceof Farewell f) {
      out.put(5).putVarint(f.incarnation);
    } else if (this instanceof Probe p) {
      out.put(6).putVarint(p.incarnation).putVarint(p.sequence);
    } else if (this instanceof Close c) {
      out.put(7).putVarint(c.incarnation).putVarint(c.request).putVarint(c.asked);
      out.putVarint(c.number).putVarint(c.code);
      out.putSized(c.reason.getBytes(StandardCharsets.UTF_8));
    } else if (this instanceof Closed c) {
      out.put(8).putVarint(c.incarnation).putVarint(c.request).put(c.found ? 1 : 0);
    }
    byte[] bytes = out.toByteArray();
    return Payload.wrap(Payload.Type.BINARY, bytes, 0, bytes.length);
  }

  private static void put(ByteWriter out, Change change) {
    out.putVarint(change.number).putSized(change.user.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * @return what the payload says; empty if its kind is unknown
   * @throws MalformedException if it cannot be read
   */
  static Optional<Control> decode(Payload payload) {
    ByteBuffer in = payload.bytes();
    try {
      int kind = in.get();
      long incarnation = ByteWriter.varint(in);
      return Optional.ofNullable(
          switch (kind) {
            case 1 ->
                new Heartbeat(
                    incarnation,
                    ByteWriter.varint(in),
                    size(in),
                    ByteWriter.varint(in),
                    in.get() == 1);
            case 2 -> new Changes(incarnation, ByteWriter.varint(in), changes(in, true));
            case 3 -> new SnapshotRequest(incarnation, ByteWriter.varint(in));
            case 4 ->
                new SnapshotPart(
                    incarnation,
                    ByteWriter.varint(in),
                    size(in),
                    in.get() == 1,
                    changes(in, false));
            case 5 -> new Farewell(incarnation);
            case 6 -> new Probe(incarnation, ByteWriter.varint(in));
            case 7 ->
                new Close(
                    incarnation,
                    ByteWriter.varint(in),
                    ByteWriter.varint(in),
                    ByteWriter.varint(in),
                    size(in),
                    text(in));
            case 8 -> new Closed(incarnation, ByteWriter.varint(in), in.get() == 1);
            default -> null;
          });
    } catch (BufferUnderflowException | CharacterCodingException e) {
      throw new MalformedException("A control message cannot be read", e);
    }
  }

  private static List<Change> changes(ByteBuffer in, boolean withOnline)
      throws CharacterCodingException {
    long count = ByteWriter.varint(in);
    List<Change> changes = new ArrayList<>((int) Math.min(count, in.remaining()));
    for (long i = 0; i < count; i++) {
      boolean online = !withOnline || in.get() == 1;
      changes.add(new Change(online, ByteWriter.varint(in), text(in)));
    }
    return changes;
  }

  private static int size(ByteBuffer in) {
    long size = ByteWriter.varint(in);
    if (size > Integer.MAX_VALUE) {
      throw new MalformedException("A control message holds a number that is too large");
    }
    return (int) size;
  }

  private static String text(ByteBuffer in) throws CharacterCodingException {
    long length = ByteWriter.varint(in);
    if (length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    ByteBuffer text = in.slice(in.position(), (int) length);
    in.position(in.position() + (int) length);
    return StandardCharsets.UTF_8.newDecoder().decode(text).toString();
  }
}
