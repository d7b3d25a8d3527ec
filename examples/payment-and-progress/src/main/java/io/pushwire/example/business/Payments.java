package io.pushwire.example.business;

import io.nayuki.qrcodegen.QrCode;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Payments that wait for a customer's phone. */
final class Payments {
  private static final int QUIET = 4;
  private static final int PIXELS = 4; // for each dot: only whole ones are sharp

  record Payment(String id, String user, BigDecimal amount, boolean paid) {
    String json() {
      return "{\"type\":\"payment\",\"id\":\"%s\",\"amount\":\"%s\",\"paid\":%s}"
          .formatted(id, amount, paid);
    }
  }

  private final Gateway gateway;
  private final Map<String, Payment> payments = new ConcurrentHashMap<>();

  Payments(Gateway gateway) {
    this.gateway = gateway;
  }

  Payment create(String user, BigDecimal amount) {
    Payment payment = new Payment(UUID.randomUUID().toString(), user, amount, false);
    payments.put(payment.id, payment);
    return payment;
  }

  Optional<Payment> find(String id) {
    return Optional.ofNullable(payments.get(id));
  }

  /** What counts is that it is paid; the page that cannot be told asks when it is back. */
  Payment pay(Payment payment) throws InterruptedException {
    Payment paid = new Payment(payment.id, payment.user, payment.amount, true);
    payments.put(paid.id, paid);
    try {
      gateway.tell(paid.user, "paid-" + paid.id, paid.json());
    } catch (IOException e) {
      System.err.println("The customer is not told that " + paid.id + " is paid: " + e);
    }
    return paid;
  }

  /** Shows the address where the phone pays. */
  static String qrCode(String address) {
    QrCode code = QrCode.encodeText(address, QrCode.Ecc.MEDIUM);
    StringBuilder path = new StringBuilder();
    for (int y = 0; y < code.size; y++) {
      for (int x = 0; x < code.size; x++) {
        if (code.getModule(x, y)) {
          path.append("M%d,%dh1v1h-1z".formatted(x + QUIET, y + QUIET));
        }
      }
    }
    int side = code.size + 2 * QUIET;
    return """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %1$d" width="%3$d" height="%3$d" shape-rendering="crispEdges">\
        <path fill="#fff" d="M0,0h%1$dv%1$dh-%1$dz"/><path d="%2$s"/></svg>
        """
        .formatted(side, path, side * PIXELS);
  }
}
