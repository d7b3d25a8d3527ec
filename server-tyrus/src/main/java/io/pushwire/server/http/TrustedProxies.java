package io.pushwire.server.http;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The proxies that are believed when they say for whom they call. */
public final class TrustedProxies {
  /** One {@code for=} of a Forwarded header (RFC 7239, section 4). */
  private static final Pattern FOR =
      Pattern.compile("(?:^|[;,])\\s*for\\s*=\\s*(\"[^\"]*\"|[^;,\\s]*)", Pattern.CASE_INSENSITIVE);

  /** An address with or without a port; IPv6 with a port stands in brackets. */
  private static final Pattern NODE =
      Pattern.compile("\\[([0-9A-Fa-f:.]+)](?::\\d+)?|([0-9.]+):\\d+|([0-9A-Fa-f:.]+)");

  private final List<IpSubnetFilterRule> proxies;

  private TrustedProxies(List<IpSubnetFilterRule> proxies) {
    this.proxies = proxies;
  }

  /**
   * @param networks addresses and networks, such as {@code 10.0.0.7} and {@code 10.0.0.0/8}
   * @return the list
   * @throws IllegalArgumentException if one is neither
   */
  public static TrustedProxies of(List<String> networks) {
    return new TrustedProxies(networks.stream().map(TrustedProxies::rule).toList());
  }

  private static IpSubnetFilterRule rule(String network) {
    String[] parts = network.split("/", 2);
    byte[] address = NetUtil.createByteArrayFromIpAddressString(parts[0]);
    if (address == null) {
      throw new IllegalArgumentException("no address");
    }
    int bits = parts.length == 1 ? address.length * 8 : Integer.parseInt(parts[1]);
    return new IpSubnetFilterRule(parts[0], bits, IpFilterRuleType.ACCEPT);
  }

  /**
   * Goes through the addresses from the nearest to the farthest, as long as proxies that are
   * believed name them.
   *
   * @param remote the other end of the socket
   * @param headers of a request
   * @return who called the farthest proxy that is believed, or the socket's other end
   * @throws io.pushwire.api.PushwireException 400 if a proxy that is believed lets both kinds of
   *     headers through: then a client may have made up one of them
   */
  public InetAddress client(InetSocketAddress remote, HttpHeaders headers) {
    InetAddress client = remote.getAddress();
    if (!trusts(client)) {
      return client;
    }
    List<String> path = path(headers);
    for (int i = path.size() - 1; i >= 0 && trusts(client); i--) {
      Optional<InetAddress> next = address(path.get(i));
      if (next.isEmpty()) {
        break; // 'unknown', or a name that the proxy keeps to itself
      }
      client = next.get();
    }
    return client;
  }

  private boolean trusts(InetAddress address) {
    InetSocketAddress socket = new InetSocketAddress(address, 0);
    return proxies.stream().anyMatch(proxy -> proxy.matches(socket));
  }

  private static List<String> path(HttpHeaders headers) {
    List<String> path = new ArrayList<>();
    headers
        .getAll("x-forwarded-for")
        .forEach(line -> List.of(line.split(",")).forEach(node -> path.add(node.strip())));
    List<String> forwarded = headers.getAll("forwarded");
    if (!path.isEmpty() && !forwarded.isEmpty()) {
      throw HttpProblem.badRequest(
          "The proxy must send X-Forwarded-For or Forwarded, and remove the other one");
    }
    for (String line : forwarded) {
      Matcher node = FOR.matcher(line);
      while (node.find()) {
        path.add(node.group(1).replace("\"", ""));
      }
    }
    return path;
  }

  private static Optional<InetAddress> address(String node) {
    Matcher parts = NODE.matcher(node);
    if (!parts.matches()) {
      return Optional.empty();
    }
    for (int i = 1; i <= parts.groupCount(); i++) {
      if (parts.group(i) != null) {
        return Optional.ofNullable(NetUtil.createInetAddressFromIpAddressString(parts.group(i)));
      }
    }
    return Optional.empty();
  }
}
