package io.pushwire.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushwire.api.Envelope;
import io.pushwire.api.Payload;
import io.pushwire.api.Target;
import io.pushwire.core.Counters;
import io.pushwire.core.EnvelopeCodec;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;

/** Nodes of different versions on one broker. */
interface VersionContract extends Cases {
  @Case(value = 44, with = BrokerControls.Control.INJECT)
  default void readsLaterEnvelopesAndRefusesWhatItCannotUnderstand() {
    Peer a = cluster().peer("a");
    Target topic = Target.topic("t");
    a.subscribe(topic);
    Envelope envelope = a.envelope(topic, Payload.text("later")).build();
    byte[] plain = new EnvelopeCodec().encode(envelope);
    byte[] otherVersion = plain.clone();
    otherVersion[2] = 2;
    List<byte[]> refused =
        List.of(
            withExtension(plain, 0xFF),
            otherVersion,
            Arrays.copyOf(plain, 30),
            new byte[] {(byte) 0xF7, 0x50},
            new byte[0]);
    refused.forEach(bytes -> cluster().broker().inject(topic, bytes));
    cluster().broker().inject(topic, withExtension(plain, 0x7F));
    assertThat(a.await(topic, 1)).containsExactly(envelope);
    assertThat(a.counters().droppedCount(Counters.Reason.MALFORMED)).isEqualTo(refused.size());
    a.send(topic, "goes on");
    a.await(topic, 2);
  }

  /** Puts an extension that nobody knows behind the id. */
  private static byte[] withExtension(byte[] envelope, int type) {
    int id = 20;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(envelope, 0, id);
    out.writeBytes(new byte[] {(byte) type, 3, 1, 2, 3});
    out.write(envelope, id, envelope.length - id);
    return out.toByteArray();
  }
}
