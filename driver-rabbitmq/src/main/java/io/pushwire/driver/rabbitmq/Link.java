package io.pushwire.driver.rabbitmq;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import javax.net.ssl.SSLSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What connects this node to the broker until the first of it fails: one connection to publish, and
 * one for all else. A broker short of memory stops reading from those that publish; were they one,
 * it would not see the acknowledgements either that would give it room.
 */
final class Link {
  private static final int CLOSE_MILLIS = 1000;
  private static final Logger log = LoggerFactory.getLogger(Link.class);

  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final AtomicBoolean up = new AtomicBoolean(true);
  private final BiConsumer<Link, String> whenLost;
  private final Connection consuming;
  private final Connection publishing;
  private final Cork cork = new Cork();

  /**
   * @param whenLost is called once, from any thread, unless the link is closed
   */
  Link(Dialer dialer, BiConsumer<Link, String> whenLost) {
    this.whenLost = whenLost;
    consuming = dialer.dial("consumer", new Cork(), sockets::add);
    try {
      publishing = dialer.dial("publisher", cork, sockets::add);
    } catch (RuntimeException e) {
      sever();
      throw e;
    }
    consuming.addShutdownListener(this::ended);
    publishing.addShutdownListener(this::ended);
  }

  Connection consuming() {
    return consuming;
  }

  /** A channel that the link cannot do without. */
  Channel channel() throws IOException {
    return watched(consuming.createChannel());
  }

  /** The channel to publish on. */
  Channel publishChannel() throws IOException {
    return watched(publishing.createChannel());
  }

  /** Of the connection to publish on. */
  Cork cork() {
    return cork;
  }

  private Channel watched(Channel channel) {
    channel.addShutdownListener(this::ended);
    return channel;
  }

  boolean isUp() {
    return up.get();
  }

  private void ended(ShutdownSignalException cause) {
    lost(String.valueOf(cause.getMessage()));
  }

  /** Gives the link up. Any thread; does nothing the second time. */
  void lost(String why) {
    if (up.compareAndSet(true, false)) {
      sever();
      whenLost.accept(this, why);
    }
  }

  /** Cuts it without a word to the broker, which might not listen. Whoever waits in it fails. */
  void sever() {
    up.set(false);
    for (Socket socket : sockets) {
      if (socket instanceof SSLSocket) {
        // it waits until somebody else's write has ended, and says goodbye
        Threads.daemons("pushwire-rabbitmq-sever").newThread(() -> close(socket)).start();
      } else {
        close(socket);
      }
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      log.debug("A socket did not close cleanly", e);
    }
  }

  /** Nothing is to be left of this node. Blocks for a moment. */
  void deleteQueue(String queue) {
    up.set(false);
    try (Channel channel = consuming.createChannel()) {
      channel.queueDelete(queue);
    } catch (IOException | TimeoutException | AlreadyClosedException e) {
      log.debug("The queue {} could not be deleted, and will expire", queue, e);
    }
  }

  /** Says goodbye. Blocks for a moment. */
  void close() {
    up.set(false);
    for (Connection connection : List.of(publishing, consuming)) {
      connection.abort(CLOSE_MILLIS);
    }
    sever();
  }
}
