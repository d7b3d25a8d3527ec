package io.pushwire.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.WindowType;

/** What reaches the two devices, and how they keep their connection. */
class DemoPageIT extends DemoPageScene {
  @Test
  void messageToUserReachesOnlyHim() {
    send("{\"to\":{\"user\":\"42\"},\"text\":\"for 42\"}");
    send("{\"to\":{\"everyone\":true},\"text\":\"last\"}");

    page.left().awaitMessage("last");
    page.right().awaitMessage("last");
    assertThat(page.left().messages()).containsExactly("last", "for 42");
    assertThat(page.right().messages()).containsExactly("last");
    assertThat(page.left().received()).isEqualTo("2");
  }

  @Test
  void messageToTopicReachesThoseWhoJoined() {
    page.right().rename("topics", "sports, weather");
    page.right().await("Open");

    send("{\"to\":{\"topic\":\"news\"},\"text\":\"headline\"}");
    send("{\"to\":{\"topic\":\"weather\"},\"text\":\"rain\"}");
    send("{\"to\":{\"users\":[\"42\",\"7\"]},\"text\":\"last\"}");

    page.left().awaitMessage("last");
    page.right().awaitMessage("last");
    assertThat(page.left().messages()).containsExactly("last", "headline");
    assertThat(page.right().messages()).containsExactly("last", "rain");
  }

  @Test
  void jsonIsIndentedAndBinaryIsHex() {
    send("{\"to\":{\"user\":\"42\"},\"json\":{\"id\":9007199254740993,\"tags\":[]}}");
    send("{\"to\":{\"user\":\"42\"},\"base64\":\"3q2+7/dQAQAAAQ==\"}");

    page.left().awaitMessage("de ad be ef f7 50 01 00\n00 01");
    page.left().awaitMessage("{ \"id\": 9007199254740993, \"tags\": [] }");
    assertThat(page.left().find("li").getText()).startsWith("Binary, 10 B");
  }

  @Test
  void markupInPayloadStaysText() {
    String attack = "<img src=x onerror=\"document.title='owned'\"><script>alert(1)</script>";
    send("{\"to\":{\"everyone\":true},\"json\":{\"a\":" + quoted(attack) + "}}");
    send("{\"to\":{\"everyone\":true},\"text\":" + quoted(attack) + "}");

    page.left().awaitMessage(attack);
    page.right().awaitMessage(attack);
    assertThat(chromium.driver().findElements(By.cssSelector("ol img, ol script"))).isEmpty();
    assertThat(chromium.driver().getTitle()).isEqualTo("Pushwire");
  }

  @Test
  void serverJobMovesTheProgressBar() {
    page.left().find(".import button").click();

    chromium.await().until(driver -> page.left().progress() > 0 && page.left().progress() < 100);
    chromium.await().until(driver -> page.left().progress() == 100);
    assertThat(page.left().find(".import output").getText()).isEqualTo("Done");
    assertThat(page.left().messages()).hasSize(1);
    assertThat(page.right().progress()).isZero();
  }

  @Test
  void paymentFlipsToPaid() {
    page.left().find(".payment form button").click();
    page.left().awaitPayment("waiting");
    awaitQrCode();
    assertThat(page.left().find(".sum").getText()).isEqualTo("€ 12.50");
    chromium.screenshot("payment-waiting");

    page.left().find(".ticket button").click();
    page.left().awaitPayment("paid");
    assertThat(page.left().find(".status").getText()).isEqualTo("Paid");
    assertThat(page.left().messages()).singleElement().asString().contains("\"type\": \"paid\"");
  }

  @Test
  void phoneThatOpensTheCodePays() {
    page.left().find(".payment form button").click();
    page.left().awaitPayment("waiting");
    String payUrl = page.left().find(".ticket a").getDomProperty("href");
    String desk = chromium.driver().getWindowHandle();

    chromium.driver().switchTo().newWindow(WindowType.TAB);
    chromium.size(390, 844);
    chromium.driver().get(payUrl);
    chromium.await().until(driver -> page.find("#pay").isDisplayed());
    assertThat(page.find("#sum").getText()).isEqualTo("€ 12.50");
    chromium.screenshot("phone-pays");
    page.find("#pay").click();
    chromium.await().until(driver -> page.find("#status").getText().startsWith("Paid"));
    chromium.screenshot("phone-has-paid");
    chromium.driver().close();

    chromium.driver().switchTo().window(desk);
    page.left().awaitPayment("paid");
  }

  @Test
  void reloadReconnectsTheSameUsers() {
    page.left().rename("user", "4711");
    page.left().rename("topics", "a, b/c");
    page.left().await("Open");

    page.reload();

    assertThat(page.left().value("user")).isEqualTo("4711");
    assertThat(page.left().value("topics")).isEqualTo("a, b/c");
    assertThat(page.right().value("user")).isEqualTo("7");
    send("{\"to\":{\"user\":\"4711\"},\"text\":\"you again\"}");
    send("{\"to\":{\"topic\":\"b/c\"},\"text\":\"and the topic\"}");
    page.left().awaitMessage("you again");
    page.left().awaitMessage("and the topic");
  }

  @Test
  void connectionClosedByTheApiSaysSoAndStaysClosed() {
    String id = TestServer.json(server.get("/v1/users/42")).get("connections").get(0).asString();
    assertThat(server.call("DELETE", "/v1/connections/" + id).statusCode()).isEqualTo(204);

    page.left().await("Closed");
    assertThat(page.left().find(".note").getText()).startsWith("4409: ");
    page.left().find(".switch").click();
    page.left().await("Open");
  }

  @Test
  void comesBackWhenTheServerWasRestarted() {
    int port;
    try (TestServer first = TestServer.start("server.drain-timeout", "1 s")) {
      port = first.port();
      page = DemoPage.open(chromium, first.uri("/"));
      first.server().drain();
    }
    chromium
        .await()
        .until(driver -> page.left().find(".pill").getText().startsWith("Reconnecting"));
    chromium.screenshot("reconnecting");
    try (TestServer second = TestServer.start("server.port", String.valueOf(port))) {
      page.left().await("Open");
      page.right().await("Open");
      send(second, "{\"to\":{\"user\":\"7\"},\"text\":\"there again\"}");
      page.right().awaitMessage("there again");
      chromium.freshTab();
    }
    // While nobody listened, the browser itself said so.
    assertThat(chromium.complaints())
        .allMatch(line -> line.contains("/ws?user=") || line.contains("/health/ready"));
  }

  @Test
  void waitsLongerAfterEachFailureButNotAfterADrain() {
    List<Long> delays = delays(1012, 1006, 1006, 1001, 1013, 1006, 1006, 1006, 1006);

    assertThat(delays.get(0)).isBetween(-20L, 1L);
    List<Long> longest =
        List.of(1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 30_000L, 30_000L, 30_000L);
    for (int i = 0; i < longest.size(); i++) {
      assertThat(delays.get(i + 1)).isBetween(longest.get(i) / 2 - 20, longest.get(i) + 1);
    }
    assertThat(delays(1012, 1006, 1006, 1001)).isNotEqualTo(delays.subList(0, 4));
  }

  private static List<Long> delays(Integer... codes) {
    List<?> delays = (List<?>) chromium.run(DemoPageIT.class, "delays.js", List.of(codes));
    return delays.stream().map(delay -> ((Number) delay).longValue()).toList();
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
