package io.pushwire.example.messages;

import io.pushwire.core.PushwireNode;
import io.pushwire.core.Settings;
import io.pushwire.endpoint.Identity;
import io.pushwire.endpoint.PushwireEndpoints;
import jakarta.servlet.ServletContext;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.server.ServerContainer;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.servlets.DefaultServlet;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.websocket.server.WsSci;

/** A Tomcat of one's own with a WebSocket endpoint; several of them are one, by their broker. */
public final class DirectMessages {
  private DirectMessages() {}

  /**
   * @param arguments the port, and the node's settings, such as {@code driver=redis-pubsub}
   */
  public static void main(String[] arguments)
      throws IOException, LifecycleException, DeploymentException {
    PushwireNode node = PushwireNode.builder().settings(settings(arguments)).open();
    PushwireEndpoints endpoints =
        PushwireEndpoints.builder(node)
            // who a client is: here what he says, in earnest what your login says
            .identity(handshake -> handshake.parameter("user").map(Identity::user))
            .listener(new Messenger(node.sender()))
            .build();
    Tomcat tomcat = tomcat(Integer.parseInt(arguments[0]), endpoints);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(tomcat, endpoints, node)));
    System.out.println("Listening on port " + tomcat.getConnector().getLocalPort());
    tomcat.getServer().await();
  }

  private static Settings settings(String[] arguments) {
    Map<String, String> settings =
        Arrays.stream(arguments)
            .skip(1)
            .map(argument -> argument.split("=", 2))
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    return Settings.of(settings);
  }

  private static Tomcat tomcat(int port, PushwireEndpoints endpoints)
      throws IOException, LifecycleException, DeploymentException {
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(Files.createTempDirectory("direct-messages").toString());
    Connector connector = new Connector();
    connector.setProperty("address", "127.0.0.1");
    connector.setPort(port);
    tomcat.setConnector(connector);
    Context context = tomcat.addContext("", null);
    Tomcat.addServlet(context, "files", new DefaultServlet()).addMapping("/");
    context.addServletContainerInitializer(new WsSci(), Set.of());
    tomcat.start();
    ServletContext application = context.getServletContext();
    ((ServerContainer) application.getAttribute(ServerContainer.class.getName()))
        .addEndpoint(endpoints.config("/ws"));
    return tomcat;
  }

  /** First the connections, then the node: so that nobody is open and not reachable. */
  private static void stop(Tomcat tomcat, PushwireEndpoints endpoints, PushwireNode node) {
    endpoints.close();
    node.close();
    try {
      tomcat.stop();
    } catch (LifecycleException e) {
      System.err.println("Tomcat does not stop: " + e);
    }
  }
}
