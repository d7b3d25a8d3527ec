package io.pushwire.server;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the program on SIGTERM, SIGINT and SIGHUP. A shutdown hook would not do: it cannot see a
 * second signal, nor choose the exit code. The class that can is not part of the standard, so it is
 * called by name.
 */
final class Signals {
  private static final Logger log = LoggerFactory.getLogger(Signals.class);
  private static final int KILLED = 130;

  private Signals() {}

  /**
   * @param stop runs at the first signal; must return soon. A second signal ends the JVM at once
   */
  static void onStop(Runnable stop) {
    AtomicBoolean stopping = new AtomicBoolean();
    for (String name : List.of("TERM", "INT", "HUP")) {
      try {
        handle(
            name,
            () -> {
              if (stopping.compareAndSet(false, true)) {
                log.info("SIG{}: stopping; a second signal ends at once", name);
                stop.run();
              } else {
                Runtime.getRuntime().halt(KILLED);
              }
            });
      } catch (ReflectiveOperationException | IllegalArgumentException e) {
        log.debug("SIG{} cannot be handled here", name, e);
      }
    }
  }

  private static void handle(String name, Runnable action) throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    Class<?> handler = Class.forName("sun.misc.SignalHandler");
    InvocationHandler invocation =
        (proxy, method, arguments) ->
            switch (method.getName()) {
              case "handle" -> {
                action.run();
                yield null;
              }
              case "hashCode" -> System.identityHashCode(proxy);
              case "equals" -> arguments != null && proxy == arguments[0];
              default -> "pushwire stop";
            };
    Object proxy =
        Proxy.newProxyInstance(
            Signals.class.getClassLoader(), new Class<?>[] {handler}, invocation);
    try {
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
    } catch (InvocationTargetException e) {
      throw new IllegalArgumentException(e.getCause());
    }
  }
}
