package io.pushwire.testkit;

import io.pushwire.api.Target;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** A broker, and where its driver's envelopes travel. */
record InjectingControls(BrokerControls broker, BrokerControls.Injector injector)
    implements BrokerControls {
  @Override
  public Set<Control> supported() {
    Set<Control> supported = EnumSet.of(Control.INJECT);
    supported.addAll(broker.supported());
    return supported;
  }

  @Override
  public void inject(String prefix, Target target, byte[] bytes) {
    injector.inject(prefix, target, bytes);
  }

  @Override
  public void kill() {
    broker.kill();
  }

  @Override
  public void start() {
    broker.start();
  }

  @Override
  public void pause() {
    broker.pause();
  }

  @Override
  public void resume() {
    broker.resume();
  }

  @Override
  public void cut() {
    broker.cut();
  }

  @Override
  public void flush() {
    broker.flush();
  }

  @Override
  public Map<String, Long> leftovers(String prefix) {
    return broker.leftovers(prefix);
  }

  @Override
  public boolean durable() {
    return broker.durable();
  }
}
