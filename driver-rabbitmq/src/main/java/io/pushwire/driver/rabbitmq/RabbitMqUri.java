package io.pushwire.driver.rabbitmq;

import com.rabbitmq.client.Address;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * An AMQP URI, which may name several brokers of one cluster: {@code
 * amqps://user:password@a,b:5673/shop}. The client's own parser takes one.
 *
 * @param tls whether the scheme is {@code amqps}
 * @param user who we are
 * @param password never shown
 * @param addresses at least one
 * @param virtualHost {@code /} if the URI has no path; {@code //} or {@code /%2F} say the same
 */
record RabbitMqUri(
    boolean tls, String user, String password, List<Address> addresses, String virtualHost) {
  private static final Pattern FORM =
      Pattern.compile("(amqps?)://(?:([^@/]*)@)?([^@/?#]+)(?:/([^?#]*))?");
  private static final int PORT = 5672;
  private static final int TLS_PORT = 5671;

  RabbitMqUri {
    addresses = List.copyOf(addresses);
  }

  static RabbitMqUri parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException();
    }
    boolean tls = matcher.group(1).equals("amqps");
    String[] user = (matcher.group(2) == null ? "guest:guest" : matcher.group(2)).split(":", 2);
    List<Address> addresses = new ArrayList<>();
    for (String each : matcher.group(3).split(",", -1)) {
      addresses.add(address(each.strip(), tls ? TLS_PORT : PORT));
    }
    String path = matcher.group(4);
    return new RabbitMqUri(
        tls,
        decoded(user[0]),
        user.length == 1 ? "" : decoded(user[1]),
        addresses,
        path == null || path.isEmpty() ? "/" : decoded(path));
  }

  private static Address address(String text, int defaultPort) {
    int colon = text.lastIndexOf(':');
    boolean hasPort = colon > text.lastIndexOf(']');
    String host = hasPort ? text.substring(0, colon) : text;
    int port = hasPort ? Integer.parseInt(text.substring(colon + 1)) : defaultPort;
    if (host.isEmpty() || port < 1 || port > 65535) {
      throw new IllegalArgumentException();
    }
    return new Address(host, port);
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** For logs: without the password. */
  @Override
  public String toString() {
    return (tls ? "amqps://" : "amqp://")
        + user
        + "@"
        + addresses.stream().map(Address::toString).collect(Collectors.joining(","))
        + (virtualHost.equals("/") ? "" : "/" + virtualHost);
  }
}
