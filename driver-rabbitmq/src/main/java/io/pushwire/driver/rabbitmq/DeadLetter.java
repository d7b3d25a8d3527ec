package io.pushwire.driver.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.impl.Frame;
import java.io.UnsupportedEncodingException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a foreign message that cannot be read. It must reach the dead letters whatever is
 * in it, or it would be read again and again: so only what the broker takes from anybody is kept.
 */
final class DeadLetter {
  /** Says why a message is dead: {@value}. */
  static final String REASON = "x-pw-reason";

  /** Of a greater body only so much is kept: {@value} bytes. */
  static final int MAX_BODY = 1024 * 1024;

  /** A message's properties must fit into one frame, of 128 KiB; greater headers are left out. */
  private static final int MAX_HEADERS = 64 * 1024;

  private static final int MAX_REASON = 1000;
  private static final int PERSISTENT = 2;

  /** As it was, or its beginning. */
  final byte[] body;

  /** What says something about the body, the producer's headers, and why it is dead. */
  final BasicProperties properties;

  DeadLetter(byte[] body, BasicProperties given, String why) {
    this.body = body.length <= MAX_BODY ? body : Arrays.copyOf(body, MAX_BODY);
    // not the user id, which must be the one who publishes; not the expiration
    this.properties =
        new BasicProperties.Builder()
            .contentType(given.getContentType())
            .contentEncoding(given.getContentEncoding())
            .messageId(given.getMessageId())
            .correlationId(given.getCorrelationId())
            .timestamp(given.getTimestamp())
            .type(given.getType())
            .appId(given.getAppId())
            .headers(headers(given.getHeaders(), why))
            .deliveryMode(PERSISTENT)
            .build();
  }

  private static Map<String, Object> headers(@Nullable Map<String, Object> given, String why) {
    Map<String, Object> headers = new HashMap<>();
    if (given != null && size(given) <= MAX_HEADERS) {
      headers.putAll(given);
    }
    // the broker would send copies to the queues that these name, perhaps to the one it comes from
    headers.remove("CC");
    headers.remove("BCC");
    headers.put(REASON, why.length() <= MAX_REASON ? why : why.substring(0, MAX_REASON));
    return headers;
  }

  private static long size(Map<String, Object> headers) {
    try {
      return Frame.tableSize(headers);
    } catch (UnsupportedEncodingException e) {
      throw new IllegalStateException("Every Java runtime has UTF-8", e);
    }
  }
}
