package io.pushwire.example.messages;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pushwire.api.BatchReceipt;
import io.pushwire.api.Payload;
import io.pushwire.api.SendOptions;
import io.pushwire.api.Target;
import io.pushwire.core.Connection;
import io.pushwire.core.Sender;
import io.pushwire.core.Targets;
import io.pushwire.endpoint.ConnectionListener;
import java.util.List;
import java.util.Set;

/**
 * What the application does with what its clients say. The first line of a message, text or binary,
 * names whom it is for, such as {@code {"user":"bob"}}; the rest is what they get.
 */
final class Messenger implements ConnectionListener {
  private final Sender sender;

  Messenger(Sender sender) {
    this.sender = sender;
  }

  @Override
  public void opened(Connection connection) {
    tell(connection, "you are " + name(connection) + ", connection " + connection.id());
    tellOthers(connection, name(connection) + " is here");
  }

  @Override
  public void message(Connection from, Payload said) {
    byte[] bytes = said.toByteArray();
    int end = 0;
    while (end < bytes.length && bytes[end] != '\n') {
      end++;
    }
    try {
      List<Target> targets = Targets.parse(new String(bytes, 0, end, UTF_8));
      int begin = Math.min(end + 1, bytes.length);
      Payload message = Payload.wrap(said.type(), bytes, begin, bytes.length - begin);
      sender.send(targets, message, SendOptions.NONE).thenAccept(receipt -> check(receipt, from));
    } catch (IllegalArgumentException e) { // it names nobody
      tell(from, "not sent: " + e.getMessage());
    }
  }

  @Override
  public void closed(Connection connection, int code, String reason) {
    tellOthers(connection, name(connection) + " has gone");
  }

  private void check(BatchReceipt receipt, Connection from) {
    if (receipt.failed() > 0) {
      tell(from, "not sent: " + receipt.failures());
    }
  }

  private void tell(Connection connection, String text) {
    sender.send(Target.connection(connection.id()), Payload.text(text));
  }

  private void tellOthers(Connection than, String text) {
    SendOptions butOne = SendOptions.builder().except(Set.of(than.id())).build();
    sender.send(Target.everyone(), Payload.text(text), butOne);
  }

  private static String name(Connection connection) {
    return connection.user().orElse("somebody");
  }
}
