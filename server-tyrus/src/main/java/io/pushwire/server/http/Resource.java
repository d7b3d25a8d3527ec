package io.pushwire.server.http;

import io.netty.handler.codec.http.FullHttpResponse;
import java.util.concurrent.CompletionStage;

/** Answers one method on one kind of path. */
interface Resource {
  /**
   * Called on an event loop; must not block.
   *
   * @param request the request
   * @return the answer
   * @throws HttpProblem if the request is not done
   */
  CompletionStage<FullHttpResponse> answer(Request request);
}
