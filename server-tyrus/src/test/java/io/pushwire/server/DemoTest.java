package io.pushwire.server;

import static io.pushwire.server.HttpApiTest.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The jobs behind the demo page. */
class DemoTest {
  private static TestServer server;

  @BeforeAll
  static void start() {
    server = TestServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void anImportTellsItsUserHowFarItIs() {
    try (RawWebSocket client = server.open("?user=importer")) {
      HttpResponse<String> response = server.post("/demo/imports", "{\"user\":\"importer\"}");
      assertThat(response.statusCode()).isEqualTo(202);
      String job = TestServer.json(response).get("job").asString();

      for (int percent = 0; percent <= 100; percent += 5) {
        assertThat(client.next().text())
            .isEqualTo(
                "{\"type\":\"progress\",\"job\":\"%s\",\"percent\":%d}".formatted(job, percent));
      }
    }
  }

  @Test
  void onlySoManyImportsRunAtOnce() {
    try (TestServer busy = TestServer.start()) {
      for (int i = 0; i < 100; i++) {
        assertThat(busy.post("/demo/imports", "{\"user\":\"nobody\"}").statusCode()).isEqualTo(202);
      }
      HttpResponse<String> response = busy.post("/demo/imports", "{\"user\":\"nobody\"}");

      assertProblem(response, 429, "Too Many Requests");
      assertThat(response.headers().firstValue("retry-after")).contains("5");
    }
  }

  @Test
  void aPaymentIsShownAsAnImageAndPaidOnThePhone() {
    try (RawWebSocket client = server.open("?user=buyer")) {
      HttpResponse<String> created =
          server.post("/demo/payments", "{\"user\":\"buyer\",\"amount\":\"12.50\"}");
      assertThat(created.statusCode()).isEqualTo(201);
      JsonNode payment = TestServer.json(created);
      String id = payment.get("id").asString();
      assertThat(created.headers().firstValue("location")).contains("/demo/payments/" + id);
      assertThat(payment.get("payUrl").asString())
          .isEqualTo("http://127.0.0.1:" + server.port() + "/pay/" + id);
      HttpResponse<String> image = server.get(payment.get("qr").asString());
      assertThat(image.headers().firstValue("content-type")).contains("image/svg+xml");
      assertThat(image.body()).startsWith("<svg ").contains("<path d=\"M4,4h1v1h-1z");
      assertThat(server.get("/demo/payments/" + id).body())
          .isEqualTo("{\"id\":\"%s\",\"amount\":\"12.50\",\"paid\":false}".formatted(id));

      HttpResponse<String> paid = server.post("/demo/payments/" + id + "/pay", "{}");
      assertThat(paid.statusCode()).isEqualTo(200);
      assertThat(TestServer.json(paid).get("paid").asBoolean()).isTrue();
      assertThat(client.next().text())
          .isEqualTo("{\"type\":\"paid\",\"payment\":\"%s\",\"amount\":\"12.50\"}".formatted(id));

      server.post("/demo/payments/" + id + "/pay", "{}");
      server.post("/v1/messages", "{\"to\":{\"user\":\"buyer\"},\"text\":\"end\"}");
      assertThat(client.next().text()).isEqualTo("end");
    }
  }

  @Test
  void wrongOrdersAreRefused() {
    for (String body :
        new String[] {
          "{\"user\":\"a\"}",
          "{\"user\":\"a\",\"amount\":\"-1\"}",
          "{\"user\":\"a\",\"amount\":\"1.234\"}",
          "{\"user\":\"\",\"amount\":\"1\"}",
          "{\"user\":\"a\",\"amount\":\"1\",\"tip\":\"1\"}",
          "nonsense"
        }) {
      assertProblem(server.post("/demo/payments", body), 400, "Bad Request");
    }
    assertProblem(server.post("/demo/imports", "{}"), 400, "Bad Request");
    assertProblem(server.get("/demo/payments/x"), 404, "Not Found");
    assertProblem(server.get("/demo/payments/x/qr.svg"), 404, "Not Found");
    assertProblem(server.post("/demo/payments/x/pay", "{}"), 404, "Not Found");
  }

  @Test
  void oldPaymentsAreForgotten() {
    String first =
        TestServer.json(server.post("/demo/payments", "{\"user\":\"a\",\"amount\":\"1\"}"))
            .get("id")
            .asString();
    assertThat(server.get("/demo/payments/" + first).statusCode()).isEqualTo(200);
    for (int i = 0; i < 1000; i++) {
      server.post("/demo/payments", "{\"user\":\"a\",\"amount\":\"1\"}");
    }
    assertThat(server.get("/demo/payments/" + first).statusCode()).isEqualTo(404);
  }
}
