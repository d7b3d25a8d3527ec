package io.pushwire.server.transport;

import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpRequest;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Answers the requests that open no WebSocket. */
public interface HttpHandler {
  /**
   * Called on an event loop, before the body of a request that has one is taken. Must not block.
   *
   * @param head the request without its body
   * @return the answer, if it is the same whatever the body; no request follows it on this socket
   */
  default Optional<FullHttpResponse> refusal(HttpRequest head) {
    return Optional.empty();
  }

  /**
   * Called on an event loop; must not block.
   *
   * @param request valid until this returns
   * @param remote who asks
   * @return the answer; answers to one client are written in the order of its requests
   */
  CompletionStage<FullHttpResponse> answer(FullHttpRequest request, InetSocketAddress remote);
}
