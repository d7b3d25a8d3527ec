package io.pushwire.driver.redisqueue;

import io.pushwire.api.Envelope;
import io.pushwire.api.Target;
import io.pushwire.core.Counters;
import io.pushwire.core.EnvelopeCodec;
import io.pushwire.core.ForbiddenException;
import io.pushwire.core.Ids;
import io.pushwire.core.MalformedException;
import java.time.Instant;

/**
 * Reads what stands in users' lists. Nodes and foreign programs write there side by side; whose it
 * is follows from the list's name alone.
 */
final class Entries {
  private final Shared shared;

  Entries(Shared shared) {
    this.shared = shared;
  }

  /** The most bytes of an entry that is read: a payload, and what may stand around it. */
  static int mostBytes(int maxPayloadSize) {
    return maxPayloadSize + 64 * 1024;
  }

  /**
   * @param entry bytes, or the size of an entry that is too large
   * @param position list epoch and offset: the same whoever reads it, so that the id of a message
   *     that has none is the same as well
   */
  Item read(Object entry, Target.User user, String position) {
    String list = shared.keys().listName(user.id());
    if (entry instanceof Long size) {
      return malformed(new byte[0], size + " bytes are more than message.max-size allows");
    }
    byte[] bytes = (byte[]) entry;
    try {
      Envelope envelope =
          EnvelopeCodec.isInternal(bytes)
              ? internal(bytes, user)
              : foreign(bytes, list, user, position);
      if (envelope.payload().size() > shared.context().maxPayloadSize()) {
        return malformed(bytes, "larger than message.max-size");
      }
      if (envelope.expired(Instant.now())) {
        shared.context().counters().dropped(Counters.Reason.EXPIRED, 1);
        return Item.skipped();
      }
      return new Item(bytes, envelope, null);
    } catch (ForbiddenException e) {
      shared.context().counters().dropped(Counters.Reason.FORBIDDEN, 1);
      return new Item(bytes, null, "forbidden: it names a target of its own");
    } catch (MalformedException e) {
      return malformed(bytes, String.valueOf(e.getMessage()));
    }
  }

  private Item malformed(byte[] bytes, String why) {
    shared.context().counters().dropped(Counters.Reason.MALFORMED, 1);
    return new Item(bytes, null, "malformed: " + why);
  }

  /** Anybody can write this form here: target, origin and kind are not believed. */
  private Envelope internal(byte[] bytes, Target.User user) {
    Envelope said = shared.context().codec().decode(bytes);
    Envelope.Builder builder =
        Envelope.builder(user, said.payload())
            .sentAt(said.sentAt())
            .ttl(said.ttl().orElse(null))
            .whenOffline(said.whenOffline().orElse(null))
            .except(said.except());
    said.headers().forEach(builder::header);
    return (said.idGiven() ? builder.givenId(said.id()) : builder.id(said.id())).build();
  }

  private Envelope foreign(byte[] bytes, String list, Target.User user, String position) {
    Envelope said = shared.context().foreignParser().parseFor(bytes, list, user);
    return said.idGiven() ? said : said.toBuilder().id(Ids.derive(list, position)).build();
  }
}
