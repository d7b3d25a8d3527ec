package io.pushwire.core;

import io.pushwire.api.NodeInfo;
import java.util.concurrent.CompletionStage;

/**
 * What a driver is given when it is opened.
 *
 * @since 0.1
 */
public interface DriverContext {
  /**
   * @return the node that the driver serves
   */
  NodeInfo self();

  /**
   * @return the driver's own settings: what stands below {@code driver.<name>.}
   */
  Settings settings();

  /**
   * @return takes what arrives
   */
  Delivery delivery();

  /**
   * @return counts what is dropped on the way
   */
  Counters counters();

  /**
   * @return the wire format between nodes
   */
  EnvelopeCodec codec();

  /**
   * @return reads what foreign programs send
   */
  ForeignParser foreignParser();

  /**
   * @return the most bytes that a payload may have ({@code message.max-size})
   */
  int maxPayloadSize();

  /**
   * Decodes and delivers what a node has published. What cannot be read is logged, counted and
   * dropped.
   *
   * @param bytes as {@link #codec} made them
   * @param arrival how they arrived
   * @return what became of it, {@link Outcome#REJECTED} if it could not be read; never fails
   */
  default CompletionStage<Outcome> receive(byte[] bytes, Arrival arrival) {
    return Receiving.receive(this, bytes, arrival);
  }

  /**
   * For a provider that wraps another one, and sees what that one's drivers receive.
   *
   * @param other takes what arrives instead
   * @return the same in all else
   */
  default DriverContext delivering(Delivery other) {
    return new NodeContext(
        self(), settings(), other, counters(), codec(), foreignParser(), maxPayloadSize());
  }
}
