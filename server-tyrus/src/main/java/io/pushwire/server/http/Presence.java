package io.pushwire.server.http;

import static java.util.concurrent.CompletableFuture.completedStage;

import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.pushwire.api.ConnectionId;
import io.pushwire.api.NodeInfo;
import io.pushwire.api.Target;
import io.pushwire.core.ConnectionRegistry;
import io.pushwire.core.StoredMessages;
import io.pushwire.endpoint.CloseCode;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Who is connected: users, nodes, connections. */
final class Presence {
  private static final Logger log = LoggerFactory.getLogger(Presence.class);

  private final ConnectionRegistry registry;
  private final Supplier<Optional<StoredMessages>> stored;

  Presence(ConnectionRegistry registry, Supplier<Optional<StoredMessages>> stored) {
    this.registry = registry;
    this.stored = stored;
  }

  CompletionStage<FullHttpResponse> user(Request request) {
    String user = request.variable();
    checked(Target::user, user);
    ObjectNode answer =
        roster(
            json -> {
              List<String> connections =
                  registry.connections(user).stream().map(ConnectionId::toString).sorted().toList();
              json.put("user", user).put("online", !connections.isEmpty());
              ArrayNode ids = json.putArray("connections");
              connections.forEach(ids::add);
            });
    return stored
        .get()
        .map(messages -> messages.waiting(user).handle((count, e) -> waiting(answer, count)))
        .orElseGet(() -> completedStage(answer))
        .thenApply(json -> Answers.json(HttpResponseStatus.OK, json));
  }

  /** What the broker does not tell is left out. */
  private static ObjectNode waiting(ObjectNode json, @Nullable Long count) {
    return count == null ? json : json.put("waiting", count.longValue());
  }

  CompletionStage<FullHttpResponse> nodes(Request request) {
    ObjectNode answer =
        roster(
            json -> {
              ArrayNode nodes = json.putArray("nodes");
              registry.nodes().stream()
                  .sorted(Comparator.comparing((NodeInfo node) -> node.id().value()))
                  .forEach(
                      node ->
                          nodes
                              .addObject()
                              .put("id", node.id().value())
                              .put("incarnation", Long.toString(node.incarnation(), 36)));
            });
    return completedStage(Answers.json(HttpResponseStatus.OK, answer));
  }

  CompletionStage<FullHttpResponse> close(Request request) {
    ConnectionId id = checked(ConnectionId::parse, request.variable());
    return registry
        .close(id, CloseCode.CLOSED_BY_API, "Closed by an API call")
        .handle((found, failure) -> closed(id, found, failure));
  }

  private static FullHttpResponse closed(
      ConnectionId id, @Nullable Boolean found, @Nullable Throwable failure) {
    if (failure != null) {
      log.info("Connection {} could not be closed on its node: {}", id, failure.toString());
      throw HttpProblem.unavailable(
          "The node that holds the connection could not be asked, or did not answer. Try again");
    }
    if (!Boolean.TRUE.equals(found)) {
      throw HttpProblem.notFound("No node holds such a connection");
    }
    return Answers.empty(HttpResponseStatus.NO_CONTENT);
  }

  /** Answers from the roster, and says so if that may be out of date. */
  private ObjectNode roster(Consumer<ObjectNode> question) {
    ObjectNode json = Json.object();
    try {
      question.accept(json);
      if (registry.isStale()) {
        json.put("stale", true);
      }
    } catch (IllegalStateException e) {
      throw new HttpProblem(HttpResponseStatus.CONFLICT, String.valueOf(e.getMessage()));
    }
    return json;
  }

  private static <T> T checked(Function<String, T> parse, String text) {
    try {
      return parse.apply(text);
    } catch (IllegalArgumentException e) {
      throw HttpProblem.badRequest(String.valueOf(e.getMessage()));
    }
  }
}
