package io.pushwire.server.transport;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.node.JsonNodeFactory;

/** Answers that say what is wrong and what to change: problems as in RFC 9457. */
public final class Problems {
  private Problems() {}

  /**
   * Makes an answer.
   *
   * @param status its status; the problem's type is the default one, so its title is the status'
   * @param detail what to change; never what the request carried
   * @return a response that nobody may keep, or take for another type
   */
  public static FullHttpResponse of(HttpResponseStatus status, String detail) {
    String json =
        JsonNodeFactory.instance
            .objectNode()
            .put("type", "about:blank")
            .put("title", status.reasonPhrase())
            .put("status", status.code())
            .put("detail", detail)
            .toString();
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            status,
            Unpooled.wrappedBuffer(json.getBytes(StandardCharsets.UTF_8)));
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, "application/problem+json")
        .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
        .set("x-content-type-options", "nosniff");
    return response;
  }

  static FullHttpResponse unreadable(Throwable cause) {
    if (cause instanceof TooLongHttpLineException) {
      return of(
          HttpResponseStatus.REQUEST_URI_TOO_LONG,
          "A request line has at most " + RequestDecoder.MAX_LINE + " bytes");
    }
    if (cause instanceof TooLongHttpHeaderException) {
      return of(
          HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
          "The header fields have at most " + RequestDecoder.MAX_HEADERS + " bytes");
    }
    return badRequest("This is not a valid HTTP/1.1 request (RFC 9112)");
  }

  static FullHttpResponse badRequest(String detail) {
    return of(HttpResponseStatus.BAD_REQUEST, detail);
  }

  static FullHttpResponse tooLarge(int limit) {
    return of(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE, "The most is " + limit + " bytes");
  }

  static FullHttpResponse unavailable(String detail) {
    FullHttpResponse response = of(HttpResponseStatus.SERVICE_UNAVAILABLE, detail);
    response.headers().set(HttpHeaderNames.RETRY_AFTER, "1");
    return response;
  }
}
