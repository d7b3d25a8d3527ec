package io.pushwire.server.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;

/** A request that found its resource. */
final class Request {
  private final HttpHeaders headers;
  private final byte[] body;
  private final List<String> variables;

  /**
   * @param headers its headers
   * @param body its bytes
   * @param variables what stood in the path where the pattern has a gap
   */
  Request(HttpHeaders headers, byte[] body, List<String> variables) {
    this.headers = headers;
    this.body = body;
    this.variables = variables;
  }

  HttpHeaders headers() {
    return headers;
  }

  byte[] body() {
    return body;
  }

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
