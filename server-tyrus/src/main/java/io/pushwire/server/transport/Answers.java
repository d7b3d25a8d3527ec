package io.pushwire.server.transport;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeoutException;

/** What the transport itself answers: RFC 9457 problems, as the HTTP API does. */
final class Answers {
  /** Stands for a request that did not come. */
  static final HttpRequest NO_REQUEST =
      new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");

  static {
    NO_REQUEST.setDecoderResult(DecoderResult.failure(new TimeoutException()));
  }

  private Answers() {}

  static FullHttpResponse problem(HttpResponseStatus status, String detail) {
    String json =
        "{\"title\":\"%s\",\"status\":%d,\"detail\":\"%s\"}"
            .formatted(status.reasonPhrase(), status.code(), detail);
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            status,
            Unpooled.wrappedBuffer(json.getBytes(StandardCharsets.UTF_8)));
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, "application/problem+json");
    return response;
  }

  static FullHttpResponse unreadable(Throwable cause) {
    if (cause instanceof TooLongHttpLineException) {
      return problem(HttpResponseStatus.REQUEST_URI_TOO_LONG, "The request line is too long");
    }
    if (cause instanceof TooLongHttpHeaderException) {
      return problem(
          HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "The header fields are too large");
    }
    return problem(HttpResponseStatus.BAD_REQUEST, "This is not a valid HTTP request");
  }

  static FullHttpResponse tooLarge(int limit) {
    return problem(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE, "The most is " + limit + " bytes");
  }

  static FullHttpResponse unavailable(String detail) {
    FullHttpResponse response = problem(HttpResponseStatus.SERVICE_UNAVAILABLE, detail);
    response.headers().set(HttpHeaderNames.RETRY_AFTER, "1");
    return response;
  }
}
