package io.pushwire.server.http;

import static io.netty.handler.codec.http.HttpResponseStatus.ACCEPTED;
import static io.netty.handler.codec.http.HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE;
import static io.netty.handler.codec.http.HttpResponseStatus.UNPROCESSABLE_ENTITY;

import com.github.benmanes.caffeine.cache.Ticker;
import io.netty.handler.codec.http.FullHttpResponse;
import io.pushwire.api.BatchReceipt;
import io.pushwire.api.PublishException;
import io.pushwire.api.Receipt;
import io.pushwire.api.SendOptions;
import io.pushwire.api.Target;
import io.pushwire.core.Sender;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code POST /v1/messages}: sends what is posted, and answers what the broker said. */
final class Messages implements Resource {
  private final Sender sender;
  private final int maxPayloadSize;
  private final Repeats repeats = new Repeats(Ticker.systemTicker());

  Messages(Sender sender, int maxPayloadSize) {
    this.sender = sender;
    this.maxPayloadSize = maxPayloadSize;
  }

  @Override
  public CompletionStage<FullHttpResponse> answer(Request request) {
    MessageBody body = MessageBody.parse(request.body());
    List<Target> targets = body.targets();
    if (body.payload().size() > maxPayloadSize) {
      throw new HttpProblem(
          REQUEST_ENTITY_TOO_LARGE,
          "The payload has %d bytes, message.max-size allows %d"
              .formatted(body.payload().size(), maxPayloadSize));
    }
    SendOptions.Builder options = body.options();
    TraceContext.copy(request.headers(), options);
    return IdempotencyKey.id(request.headers())
        .map(id -> once(id, request, body, targets, options))
        .orElseGet(() -> send(body, targets, options.build()))
        .thenApply(receipt -> Answers.json(ACCEPTED, receipt));
  }

  private CompletionStage<ObjectNode> once(
      UUID id,
      Request request,
      MessageBody body,
      List<Target> targets,
      SendOptions.Builder options) {
    if (body.hasId()) {
      throw HttpProblem.badRequest("Give one of 'id' and the header Idempotency-Key, not both");
    }
    return repeats.once(id, request.body(), () -> send(body, targets, options.id(id).build()));
  }

  private CompletionStage<ObjectNode> send(
      MessageBody body, List<Target> targets, SendOptions options) {
    try {
      return body.isForSeveral()
          ? sender
              .send(targets, body.payload(), options)
              .thenApply(receipt -> several(receipt, targets.size()))
          : sender.send(targets.get(0), body.payload(), options).thenApply(Messages::one);
    } catch (IllegalArgumentException e) {
      // what was asked for is clear, but this node cannot promise it
      throw new HttpProblem(UNPROCESSABLE_ENTITY, String.valueOf(e.getMessage()));
    }
  }

  private static ObjectNode one(Receipt receipt) {
    ObjectNode json =
        Json.object().put("id", receipt.id().toString()).put("status", lower(receipt.status()));
    receipt.receivers().ifPresent(n -> json.put("receivers", n));
    receipt.waiting().ifPresent(n -> json.put("waiting", n));
    receipt.whenOffline().ifPresent(w -> json.put("whenOffline", lower(w)));
    return json;
  }

  private static ObjectNode several(BatchReceipt receipt, int targets) {
    if (receipt.failed() == targets) {
      throw new PublishException("The broker took the message for none of the targets");
    }
    ObjectNode json = Json.object().put("id", receipt.id().toString());
    for (Receipt.Status status : Receipt.Status.values()) {
      json.put(lower(status), receipt.count(status));
    }
    json.put("failed", receipt.failed());
    if (receipt.failed() > 0) {
      ArrayNode failures = json.putArray("failures");
      receipt.failures().keySet().stream()
          .map(target -> target instanceof Target.User user ? user.id() : target.toString())
          .sorted()
          .forEach(user -> failures.addObject().put("user", user));
    }
    return json;
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
