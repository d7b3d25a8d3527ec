package io.pushwire.endpoint;

import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.nio.file.Path;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.servlets.DefaultServlet;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.websocket.server.WsSci;

/** Tomcat with its own WebSocket. */
final class TomcatContainer implements Container {
  private static final Logger QUIET = Logger.getLogger("org.apache");

  static {
    QUIET.setLevel(Level.SEVERE);
  }

  private final Tomcat tomcat = new Tomcat();

  @Override
  public int start(ServerEndpointConfig endpoint) throws Exception {
    tomcat.setBaseDir(Path.of("target", "tomcat").toAbsolutePath().toString());
    Connector connector = new Connector();
    connector.setPort(0);
    connector.setProperty("address", "127.0.0.1");
    // so that a client that does not read is noticed after some kilobytes, not megabytes
    connector.setProperty("socket.txBufSize", "8192");
    tomcat.setConnector(connector);
    Context context = tomcat.addContext("", null);
    Tomcat.addServlet(context, "none", new DefaultServlet()).addMapping("/");
    context.addServletContainerInitializer(new WsSci(), Set.of());
    tomcat.start();
    ((ServerContainer)
            context.getServletContext().getAttribute("jakarta.websocket.server.ServerContainer"))
        .addEndpoint(endpoint);
    return connector.getLocalPort();
  }

  @Override
  public void stop() throws Exception {
    tomcat.stop();
    tomcat.destroy();
  }
}
