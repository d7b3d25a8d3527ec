package io.pushwire.example.business;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** The business: its page, its payments, its imports; by the HTTP server that Java brings. */
public final class Business {
  private static final Map<String, String> TYPES =
      Map.of("html", "text/html; charset=utf-8", "css", "text/css", "js", "text/javascript");

  private final List<URI> nodes;
  private final Payments payments;
  private final Imports imports;

  private Business(List<URI> nodes, Gateway gateway) {
    this.nodes = nodes;
    payments = new Payments(gateway);
    imports = new Imports(gateway);
  }

  /**
   * @param arguments the port, the address of RabbitMQ, and those of the nodes of Pushwire
   */
  public static void main(String[] arguments)
      throws IOException, TimeoutException, GeneralSecurityException, URISyntaxException {
    List<URI> nodes = Arrays.stream(arguments).skip(2).map(URI::create).toList();
    Gateway gateway = Gateway.open(nodes, URI.create(arguments[1]));
    InetAddress here = InetAddress.getLoopbackAddress();
    int port = Integer.parseInt(arguments[0]);
    HttpServer server = HttpServer.create(new InetSocketAddress(here, port), 0);
    server.setExecutor(Executors.newFixedThreadPool(16));
    Business business = new Business(nodes, gateway);
    server.createContext("/", business::answer);
    server.start();
    System.out.println(
        "The business is open, at http://127.0.0.1:" + server.getAddress().getPort() + "/");
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      route(exchange);
    }
  }

  private void route(HttpExchange exchange) throws IOException {
    try {
      String[] path = exchange.getRequestURI().getPath().substring(1).split("/", -1);
      boolean post = exchange.getRequestMethod().equals("POST");
      switch (path[0]) {
        case "nodes" -> send(exchange, 200, "application/json", nodesAsJson());
        case "payments" -> payments(exchange, path, post);
        case "imports" -> runImport(exchange);
        case "" -> page(exchange, "index.html");
        case "pay" -> page(exchange, "pay.html");
        default -> page(exchange, path[0]);
      }
    } catch (IllegalArgumentException e) {
      send(exchange, 400, "text/plain", String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** {@code /payments?user=&amount=}, {@code /payments/ID}, {@code …/pay}, {@code …/qr.svg} */
  private void payments(HttpExchange exchange, String[] path, boolean post)
      throws IOException, InterruptedException {
    if (path.length == 1) {
      BigDecimal amount = new BigDecimal(parameter(exchange, "amount", "\\d{1,7}(\\.\\d{1,2})?"));
      json(exchange, 201, payments.create(user(exchange), amount).json());
      return;
    }
    Payments.Payment payment = payments.find(path[1]).orElse(null);
    if (payment == null) {
      send(exchange, 404, "text/plain", "There is no such payment");
      return;
    }
    switch (path.length == 2 ? "" : path[2]) {
      case "qr.svg" -> {
        String host = exchange.getRequestHeaders().getFirst("Host");
        String code = Payments.qrCode("http://" + host + "/pay/" + payment.id());
        send(exchange, 200, "image/svg+xml", code);
      }
      case "pay" -> json(exchange, 200, (post ? payments.pay(payment) : payment).json());
      default -> json(exchange, 200, payment.json());
    }
  }

  private void runImport(HttpExchange exchange) throws IOException {
    String user = user(exchange);
    long length = Long.parseLong(exchange.getRequestHeaders().getFirst("Content-Length"));
    try {
      json(
          exchange,
          200,
          "{\"articles\":" + imports.run(user, length, exchange.getRequestBody()) + "}");
    } catch (IOException e) {
      send(exchange, 400, "text/plain", String.valueOf(e.getMessage()));
    }
  }

  private static void page(HttpExchange exchange, String name) throws IOException {
    String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
    try (InputStream file = Business.class.getResourceAsStream("/pages/" + name)) {
      if (type == null || file == null) {
        send(exchange, 404, "text/plain", "There is nothing here");
      } else {
        send(exchange, 200, type, new String(file.readAllBytes(), UTF_8));
      }
    }
  }

  /** Where the page finds its user's messages: any of them will do. */
  private String nodesAsJson() {
    return nodes.stream()
        .map(node -> "\"ws://" + node.getAuthority() + "/ws\"")
        .collect(Collectors.joining(",", "[", "]"));
  }

  /** Whoever asks is who he says: your login goes here. */
  private static String user(HttpExchange exchange) {
    return parameter(exchange, "user", "[A-Za-z0-9]{1,30}");
  }

  private static String parameter(HttpExchange exchange, String name, String form) {
    String query = String.valueOf(exchange.getRequestURI().getQuery());
    return Arrays.stream(query.split("&"))
        .filter(pair -> pair.matches(name + "=" + form))
        .map(pair -> pair.substring(name.length() + 1))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'" + name + "' is missing, or not like this: " + form));
  }

  private static void json(HttpExchange exchange, int status, String json) throws IOException {
    send(exchange, status, "application/json", json);
  }

  private static void send(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.getResponseHeaders().set("Cache-Control", "no-cache");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}
