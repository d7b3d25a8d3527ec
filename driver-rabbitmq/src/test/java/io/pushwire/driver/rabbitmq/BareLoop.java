package io.pushwire.driver.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What the driver is measured against: the client library alone, with the guarantees that the
 * driver gives. A durable queue, persistent messages, confirms in a window of 1,000, a prefetch of
 * 500, acknowledgements by hand, 100 at once. No ids, no targets, no repeats after a fault.
 */
final class BareLoop implements AutoCloseable {
  private final Connection publishing;
  private final Connection consuming;
  private final Channel out;
  private final Channel in;
  private final String queue;
  private final Semaphore window = new Semaphore(Unconfirmed.WINDOW);
  private final BasicProperties properties = new BasicProperties.Builder().deliveryMode(2).build();
  private volatile CountDownLatch missing = new CountDownLatch(0);
  private long confirmedTag;

  BareLoop(String uri, String queue) throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(uri);
    factory.setAutomaticRecoveryEnabled(false);
    this.queue = queue;
    publishing = factory.newConnection();
    consuming = factory.newConnection();
    out = publishing.createChannel();
    out.confirmSelect();
    out.addConfirmListener(this::confirmed, this::confirmed);
    in = consuming.createChannel();
    in.queueDeclare(queue, true, false, false, Map.of());
    in.basicQos(NodeConsumer.PREFETCH);
    in.basicConsume(queue, false, new Receiver(in));
  }

  private synchronized void confirmed(long tag, boolean multiple) {
    // single confirms may overtake: their number is what counts
    if (multiple) {
      window.release((int) Math.max(0, tag - confirmedTag));
      confirmedTag = Math.max(tag, confirmedTag);
    } else {
      window.release();
      confirmedTag++;
    }
  }

  /** Sends so many, and waits until all have arrived. */
  void run(int count, byte[] body) throws Exception {
    missing = new CountDownLatch(count);
    for (int i = 0; i < count; i++) {
      window.acquire();
      out.basicPublish("", queue, properties, body);
    }
    if (!missing.await(2, TimeUnit.MINUTES)) {
      throw new IllegalStateException(missing.getCount() + " are missing");
    }
  }

  @Override
  public void close() throws IOException, TimeoutException {
    in.queueDelete(queue);
    publishing.close();
    consuming.close();
  }

  private final class Receiver extends DefaultConsumer {
    private int unacknowledged;

    Receiver(Channel channel) {
      super(channel);
    }

    @Override
    public void handleDelivery(String tag, Envelope e, BasicProperties p, byte[] body)
        throws IOException {
      if (++unacknowledged == Acks.BATCH || missing.getCount() == 1) {
        getChannel().basicAck(e.getDeliveryTag(), true);
        unacknowledged = 0;
      }
      missing.countDown();
    }
  }
}
