package io.pushwire.server.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;

/**
 * A request that found its resource.
 *
 * @param headers its headers
 * @param body its bytes
 * @param variables what stood in the path where the pattern has a gap
 */
record Request(HttpHeaders headers, byte[] body, List<String> variables) {
  /**
   * @return the only gap's value
   */
  String variable() {
    return variables.get(0);
  }

  /**
   * @return name and port by which the client calls this server, checked by the {@link Guard}
   */
  String host() {
    return headers.get(HttpHeaderNames.HOST, "localhost");
  }
}
