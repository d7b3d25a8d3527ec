package io.pushwire.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushwire.test.Chromium;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.openqa.selenium.WebElement;

/**
 * A visitor in front of the demo page: a real browser at a real server, and a console that must
 * stay silent.
 */
abstract class DemoPageScene {
  static TestServer server;
  static Chromium chromium;

  DemoPage page;

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

  void awaitQrCode() {
    WebElement image = page.left().find(".ticket img");
    chromium.await().until(driver -> !"0".equals(image.getDomProperty("naturalWidth")));
  }

  static void send(String json) {
    send(server, json);
  }

  static void send(TestServer server, String json) {
    HttpResponse<String> answer = server.post("/v1/messages", json);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
  }
}
