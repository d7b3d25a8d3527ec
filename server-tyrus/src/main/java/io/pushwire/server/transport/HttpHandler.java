package io.pushwire.server.transport;

import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletionStage;

/** Answers the requests that open no WebSocket. */
public interface HttpHandler {
  /**
   * Called on an event loop; must not block.
   *
   * @param request valid until this returns
   * @param remote who asks
   * @return the answer; answers to one client are written in the order of its requests
   */
  CompletionStage<FullHttpResponse> answer(FullHttpRequest request, InetSocketAddress remote);
}
