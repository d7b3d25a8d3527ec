package io.pushwire.testkit;

import io.pushwire.api.Target;
import java.util.Map;

/** A driver's broker during one test: at its end it runs again, whatever was done to it. */
final class Broker implements AutoCloseable {
  private final BrokerControls controls;
  private final String prefix;
  private boolean killed;
  private boolean paused;

  Broker(BrokerControls controls, String prefix) {
    this.controls = controls;
    this.prefix = prefix;
  }

  void kill() {
    controls.kill();
    killed = true;
  }

  void start() {
    controls.start();
    killed = false;
  }

  void pause() {
    controls.pause();
    paused = true;
  }

  void resume() {
    controls.resume();
    paused = false;
  }

  void cut() {
    controls.cut();
  }

  void flush() {
    controls.flush();
  }

  void inject(Target target, byte[] bytes) {
    controls.inject(prefix, target, bytes);
  }

  Map<String, Long> leftovers() {
    return controls.leftovers(prefix);
  }

  boolean durable() {
    return controls.durable();
  }

  @Override
  public void close() {
    if (paused) {
      resume();
    }
    if (killed) {
      start();
    }
  }
}
