package io.pushwire.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;

/** The demo page as a visitor meets it: a real browser at a real server. */
class DemoPageIT {
  private static final double READABLE = 4.5;

  private static TestServer server;
  private static Chromium chromium;

  private DemoPage page;

  @BeforeAll
  static void start() {
    server = TestServer.start();
    chromium = Chromium.start();
  }

  @AfterAll
  static void stop() {
    if (chromium != null) {
      chromium.close();
    }
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void open() {
    chromium.freshTab();
    chromium.size(1280, 800);
    chromium.prefers(Map.of("prefers-color-scheme", "light"));
    page = DemoPage.open(chromium, server.uri("/"));
  }

  @AfterEach
  void theConsoleIsSilent() {
    assertThat(chromium.complaints()).isEmpty();
  }

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
  void messageToConnectionReachesOneOfTheUsersDevices() {
    page.right().rename("user", "42");
    page.right().await("Open");
    page.choose("to", "connection");
    chromium
        .await()
        .until(
            driver ->
                page.find("[name=connection]").findElements(By.tagName("option")).size() == 2);
    page.type("payload", "for one");
    page.send();
    assertThat(page.receipt()).startsWith("Accepted");
    send("{\"to\":{\"user\":\"42\"},\"text\":\"for both\"}");

    page.left().awaitMessage("for both");
    page.right().awaitMessage("for both");
    assertThat(page.left().messages().size() + page.right().messages().size()).isEqualTo(3);
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

  @Test
  void formSendsAndShowsTheReceipt() {
    page.choose("to", "users");
    page.choose("kind", "json");
    page.type("payload", "{\"hello\":[1]}");
    page.send();

    page.right().awaitMessage("{ \"hello\": [ 1 ] }");
    assertThat(page.receipt()).startsWith("2 accepted").contains("202");
    chromium.screenshot("receipt");
  }

  @Test
  void keyboardAloneSends() {
    WebElement body = page.find("body");
    for (int i = 0; i < 30 && !"Send".equals(focused().getText()); i++) {
      focused().sendKeys(Keys.TAB);
    }
    assertThat(focused())
        .as("reached by tabbing from %s", body)
        .extracting(WebElement::getText)
        .isEqualTo("Send");
    focused().sendKeys(Keys.ENTER);
    page.left().awaitMessage("Your order 1042 has shipped.");
  }

  @Test
  void invalidJsonIsNotSent() {
    page.choose("kind", "json");
    page.type("payload", "{oops");
    page.send();

    assertThat(page.find("#payload-hint").getText()).isEqualTo("This is not valid JSON.");
    assertThat(focused().getDomAttribute("name")).isEqualTo("payload");
    assertThat(page.find("#receipt").isDisplayed()).isFalse();
  }

  @Test
  void whatTheServerRefusesIsExplained() {
    page.find("#send summary").click();
    page.find("#send [name=whenOffline] option[value=queue]").click();
    page.send();

    assertThat(page.receipt()).contains("422").containsIgnoringCase("queue");
    chromium.screenshot("problem");
    assertThat(chromium.complaints()).singleElement().asString().contains("422");
  }

  @Test
  void curlLineDoesWhatTheFormWouldDo() throws Exception {
    String nasty = "it's \"so\" \\ $HOME `id` é";
    page.type("payload", nasty);

    run(page.curl());
    page.left().awaitMessage(nasty);
  }

  @Test
  void copyPutsTheCommandOnTheClipboard() {
    chromium
        .driver()
        .executeCdpCommand(
            "Browser.grantPermissions",
            Map.of("permissions", List.of("clipboardReadWrite", "clipboardSanitizedWrite")));
    page.find("#copy-curl").click();

    chromium.await().until(driver -> page.find("#copy-curl").getText().equals("Copied"));
    assertThat(chromium.driver().executeScript("return navigator.clipboard.readText()"))
        .isEqualTo(page.find("#curl").getDomProperty("textContent"));
  }

  @Test
  void whatThePageOffersBelowIsThere() throws Exception {
    for (WebElement link : chromium.driver().findElements(By.cssSelector(".hints a"))) {
      URI uri = URI.create(link.getDomProperty("href"));
      assertThat(server.get(uri.getPath()).statusCode()).as("%s", uri).isEqualTo(200);
    }
    for (WebElement command : chromium.driver().findElements(By.cssSelector("#hints pre"))) {
      if (command.getText().startsWith("curl ")) {
        run(command.getText());
      }
    }
    // To its end: the next test has the same users.
    chromium.await().until(driver -> page.left().progress() == 100);
  }

  @Test
  void policyKeepsStrangersCodeOut() {
    chromium
        .driver()
        .executeScript(
            "const s = document.createElement('script'); s.textContent = 'document.title = \"owned\"';"
                + " document.body.append(s)");

    assertThat(chromium.driver().getTitle()).isEqualTo("Pushwire");
    // Also the proof that the other tests would notice a violation.
    assertThat(chromium.complaints())
        .singleElement()
        .asString()
        .contains("Content Security Policy");
  }

  @ParameterizedTest
  @ValueSource(ints = {390, 320})
  void narrowPageDoesNotScrollSideways(int width) {
    chromium.size(width, 844);
    fill();
    send("{\"to\":{\"user\":\"42\"},\"text\":\"" + "w".repeat(300) + "\"}");
    page.left().awaitMessage("w".repeat(300));

    assertThat(number("return document.documentElement.scrollWidth")).isEqualTo(width);
    assertThat((List<?>) chromium.run("cut-off.js")).isEmpty();
    assertThat(page.right().find(".pill").getRect().y)
        .isGreaterThan(page.left().find(".inbox").getRect().y);
    chromium.screenshot("phone-" + width);
  }

  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void allTextIsReadable(String scheme) {
    // Without motion no colour is on its way to another one.
    chromium.prefers(Map.of("prefers-color-scheme", scheme, "prefers-reduced-motion", "reduce"));
    fill();
    page.left().find(".ticket button").click();
    page.left().awaitPayment("paid");
    page.right().find(".switch").click();
    page.right().await("Closed");
    page.find("#send summary").click();

    assertThat((List<?>) chromium.run("contrast.js", READABLE)).isEmpty();
    assertThat(
            chromium
                .driver()
                .executeScript("return getComputedStyle(document.body).backgroundColor"))
        .isEqualTo(scheme.equals("dark") ? "rgb(13, 19, 17)" : "rgb(244, 246, 245)");
    chromium.screenshot("desk-" + scheme);
  }

  @Test
  void everyControlHasANameForScreenReaders() {
    fill();
    page.find("#send summary").click();

    List<?> nodes =
        (List<?>)
            chromium
                .driver()
                .executeCdpCommand("Accessibility.getFullAXTree", Map.of())
                .get("nodes");
    Set<String> controls =
        Set.of("button", "textbox", "combobox", "radio", "link", "progressbar", "image", "log");
    Map<String, Set<String>> names =
        nodes.stream()
            .map(Map.class::cast)
            .filter(node -> controls.contains(text(node, "role")))
            .collect(
                Collectors.groupingBy(
                    node -> text(node, "role"),
                    Collectors.mapping(
                        node -> text(node, "name"), Collectors.toCollection(TreeSet::new))));

    assertThat(names.keySet()).isEqualTo(controls);
    assertThat(names.values()).allSatisfy(all -> assertThat(all).doesNotContain(""));
  }

  @Test
  void nothingMovesForThoseWhoAskedForThat() {
    chromium.prefers(Map.of("prefers-reduced-motion", "reduce"));
    fill();

    assertThat(page.left().find("li").getCssValue("animation-name")).isEqualTo("none");
    assertThat(page.left().find(".ticket svg").getCssValue("animation-name")).isEqualTo("none");
  }

  /** All that the page can show at once. */
  private void fill() {
    page.send();
    page.receipt();
    send("{\"to\":{\"everyone\":true},\"text\":\"Maintenance tonight from 22:00 to 22:15.\"}");
    page.left().find(".payment form button").click();
    page.left().awaitPayment("waiting");
    awaitQrCode();
    page.right().awaitMessage("Maintenance tonight from 22:00 to 22:15.");
  }

  private void awaitQrCode() {
    WebElement image = page.left().find(".ticket img");
    chromium.await().until(driver -> !"0".equals(image.getDomProperty("naturalWidth")));
  }

  private static void run(String curl) throws Exception {
    Process process =
        new ProcessBuilder("bash", "-c", curl + " --silent --show-error --fail")
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s: %s", curl, said).isZero();
  }

  private static List<Long> delays(Integer... codes) {
    List<?> delays = (List<?>) chromium.run("delays.js", List.of(codes));
    return delays.stream().map(delay -> ((Number) delay).longValue()).toList();
  }

  private static WebElement focused() {
    return chromium.driver().switchTo().activeElement();
  }

  private static long number(String script) {
    return ((Number) chromium.driver().executeScript(script)).longValue();
  }

  private static String text(Map<?, ?> node, String property) {
    return node.get(property) instanceof Map<?, ?> value ? String.valueOf(value.get("value")) : "";
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static void send(String json) {
    send(server, json);
  }

  private static void send(TestServer server, String json) {
    HttpResponse<String> answer = server.post("/v1/messages", json);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
  }
}
