package io.pushwire.server.http;

import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.pushwire.api.PushwireException;
import io.pushwire.server.transport.Problems;
import java.util.Map;

/** A request that is not done, and the answer which says why: a problem as in RFC 9457. */
final class HttpProblem extends PushwireException {
  private static final long serialVersionUID = 1L;

  private final transient HttpResponseStatus status;
  private final transient Map<String, String> headers;

  /**
   * @param status the answer's status
   * @param detail what to change; never what the request carried
   */
  HttpProblem(HttpResponseStatus status, String detail) {
    this(status, detail, Map.of());
  }

  /**
   * @param status the answer's status
   * @param detail what to change; never what the request carried
   * @param headers what the answer says besides
   */
  HttpProblem(HttpResponseStatus status, String detail, Map<String, String> headers) {
    super(detail);
    this.status = status;
    this.headers = headers;
  }

  static HttpProblem badRequest(String detail) {
    return new HttpProblem(HttpResponseStatus.BAD_REQUEST, detail);
  }

  static HttpProblem notFound(String detail) {
    return new HttpProblem(HttpResponseStatus.NOT_FOUND, detail);
  }

  /** 503, to be tried again soon. */
  static HttpProblem unavailable(String detail) {
    return new HttpProblem(
        HttpResponseStatus.SERVICE_UNAVAILABLE, detail, Map.of("Retry-After", "1"));
  }

  FullHttpResponse answer() {
    FullHttpResponse response = Problems.of(status, String.valueOf(getMessage()));
    headers.forEach(response.headers()::set);
    return response;
  }
}
