package io.pushwire.server.http;

import static java.util.concurrent.CompletableFuture.completedStage;

import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.pushwire.api.Payload;
import io.pushwire.api.SendOptions;
import io.pushwire.api.Target;
import io.pushwire.core.Ids;
import io.pushwire.core.Sender;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/** Payments that wait for a customer's phone: shown as a QR code here, paid there. */
final class Payments {
  static final int MAX_PAYMENTS = 1000;

  private static final Pattern AMOUNT = Pattern.compile("\\d{1,7}(?:\\.\\d{1,2})?");

  private record Payment(String id, Target.User user, String amount, String payUrl, boolean paid) {}

  private final Sender sender;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, Payment> payments =
      Collections.synchronizedMap(
          new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Payment> eldest) {
              return size() > MAX_PAYMENTS;
            }
          });

  Payments(Sender sender) {
    this.sender = sender;
  }

  CompletionStage<FullHttpResponse> create(Request request) {
    Map<String, String> fields = DemoFields.read(request.body(), Set.of("user", "amount"));
    Target.User user = DemoFields.user(fields);
    String amount = fields.getOrDefault("amount", "");
    if (!AMOUNT.matcher(amount).matches()) {
      throw HttpProblem.badRequest("'amount' must be a number such as 12.50");
    }
    byte[] secret = new byte[12];
    random.nextBytes(secret);
    String id = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    String payUrl = "http://" + request.host() + "/pay/" + id;
    payments.put(id, new Payment(id, user, amount, payUrl, false));
    ObjectNode json =
        Json.object()
            .put("id", id)
            .put("payUrl", payUrl)
            .put("qr", "/demo/payments/" + id + "/qr.svg");
    FullHttpResponse response = Answers.json(HttpResponseStatus.CREATED, json);
    response.headers().set(HttpHeaderNames.LOCATION, "/demo/payments/" + id);
    return completedStage(response);
  }

  CompletionStage<FullHttpResponse> show(Request request) {
    return completedStage(answer(find(request)));
  }

  CompletionStage<FullHttpResponse> qr(Request request) {
    byte[] svg = QrSvg.of(find(request).payUrl).getBytes(StandardCharsets.UTF_8);
    return completedStage(Answers.bytes(HttpResponseStatus.OK, "image/svg+xml", svg));
  }

  /** Paying twice tells the user once: the message has the same id both times. */
  CompletionStage<FullHttpResponse> pay(Request request) {
    Payment payment = find(request);
    if (payment.paid) {
      return completedStage(answer(payment));
    }
    byte[] json =
        Json.bytes(
            Json.object()
                .put("type", "paid")
                .put("payment", payment.id)
                .put("amount", payment.amount));
    return sender
        .send(
            payment.user,
            Payload.text(new String(json, StandardCharsets.UTF_8)),
            SendOptions.builder().id(Ids.derive("demo payment", payment.id)).build())
        .thenApply(
            receipt -> {
              Payment paid =
                  new Payment(payment.id, payment.user, payment.amount, payment.payUrl, true);
              payments.replace(payment.id, paid);
              return answer(paid);
            });
  }

  private Payment find(Request request) {
    Payment payment = payments.get(request.variable());
    if (payment == null) {
      throw HttpProblem.notFound(
          "There is no such payment; of the older ones only the last %d are kept"
              .formatted(MAX_PAYMENTS));
    }
    return payment;
  }

  private static FullHttpResponse answer(Payment payment) {
    ObjectNode json =
        Json.object().put("id", payment.id).put("amount", payment.amount).put("paid", payment.paid);
    return Answers.json(HttpResponseStatus.OK, json);
  }
}
