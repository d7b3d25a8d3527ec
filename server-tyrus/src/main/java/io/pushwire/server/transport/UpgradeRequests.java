package io.pushwire.server.transport;

import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The form of a request to upgrade (RFC 6455, section 4.2.1). */
final class UpgradeRequests {
  private static final String VERSION = "13";
  private static final int KEY_BYTES = 16;

  private UpgradeRequests() {}

  static boolean isUpgrade(HttpRequest request) {
    return request
        .headers()
        .containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true);
  }

  /**
   * @return the answer if the form is wrong
   */
  static @Nullable FullHttpResponse refusal(HttpRequest request) {
    HttpHeaders headers = request.headers();
    if (!request.method().equals(HttpMethod.GET)) {
      FullHttpResponse response =
          Problems.of(HttpResponseStatus.METHOD_NOT_ALLOWED, "A WebSocket is opened by GET");
      response.headers().set(HttpHeaderNames.ALLOW, HttpMethod.GET.name());
      return response;
    }
    if (request.protocolVersion().compareTo(HttpVersion.HTTP_1_1) < 0) {
      return Problems.badRequest("A WebSocket is opened by HTTP/1.1");
    }
    if (!headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)) {
      return Problems.badRequest("The header Connection must name Upgrade");
    }
    for (CharSequence name :
        List.of(HttpHeaderNames.SEC_WEBSOCKET_VERSION, HttpHeaderNames.SEC_WEBSOCKET_KEY)) {
      if (headers.getAll(name).size() > 1) {
        return Problems.badRequest("There must be one header " + name);
      }
    }
    if (!VERSION.equals(headers.get(HttpHeaderNames.SEC_WEBSOCKET_VERSION))) {
      FullHttpResponse response =
          Problems.of(
              HttpResponseStatus.UPGRADE_REQUIRED, "Sec-WebSocket-Version must be " + VERSION);
      response.headers().set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, VERSION);
      return response;
    }
    if (!isKey(headers.get(HttpHeaderNames.SEC_WEBSOCKET_KEY))) {
      return Problems.badRequest("Sec-WebSocket-Key must be 16 bytes in base64");
    }
    if (HttpUtil.isTransferEncodingChunked(request) || HttpUtil.getContentLength(request, 0L) > 0) {
      return Problems.badRequest("A request to upgrade has no body");
    }
    return null;
  }

  private static boolean isKey(@Nullable String key) {
    if (key == null || key.length() != 24) {
      return false;
    }
    try {
      return Base64.getDecoder().decode(key).length == KEY_BYTES;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
