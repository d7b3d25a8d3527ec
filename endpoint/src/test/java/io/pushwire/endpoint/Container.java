package io.pushwire.endpoint;

import jakarta.websocket.server.ServerEndpointConfig;

/** Somebody else's server. Tomcat, or the class that {@code -Dpushwire.container} names. */
interface Container {
  static Container chosen() {
    String name = System.getProperty("pushwire.container", TomcatContainer.class.getName());
    try {
      return (Container) Class.forName(name).getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(name, e);
    }
  }

  /** Listens on a free port of the loopback address, which it returns. */
  int start(ServerEndpointConfig endpoint) throws Exception;

  void stop() throws Exception;
}
