package io.pushwire.endpoint;

import io.pushwire.core.ConnectionRegistry;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A registry whose binds complete when the test says so. */
final class HeldBinds {
  /** What all binds wait for. */
  final CompletableFuture<Void> broker = new CompletableFuture<>();

  ConnectionRegistry around(ConnectionRegistry registry) {
    return (ConnectionRegistry)
        Proxy.newProxyInstance(
            HeldBinds.class.getClassLoader(),
            new Class<?>[] {ConnectionRegistry.class},
            (proxy, method, arguments) -> {
              try {
                Object result = method.invoke(registry, arguments);
                return method.getName().equals("bind")
                    ? ((CompletionStage<?>) result).thenCombine(broker, (a, b) -> null)
                    : result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
