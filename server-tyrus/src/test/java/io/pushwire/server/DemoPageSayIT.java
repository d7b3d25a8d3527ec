package io.pushwire.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushwire.test.Chromium;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** The devices say something, where {@code inbound} lets them be heard. */
class DemoPageSayIT {
  private static Chromium chromium;

  @BeforeAll
  static void start() {
    chromium = Chromium.start();
  }

  @AfterAll
  static void stop() {
    chromium.close();
  }

  @Test
  void whatADeviceSaysEveryoneHears() {
    try (TestServer server = TestServer.start("inbound", "everyone")) {
      DemoPage page = open(server);
      say(page.left(), "hello, it's <b>me</b>");

      page.right().awaitMessage("hello, it's <b>me</b>");
      page.left().awaitMessage("hello, it's <b>me</b>");
      assertThat(page.left().value("text")).isEmpty();
      assertThat(chromium.hardToRead(4.5, 20)).isEmpty();
      chromium.screenshot("say");
      page.left().find(".switch").click();
      page.left().await("Closed");
      assertThat(page.left().find(".say button").isEnabled()).isFalse();
      assertThat(chromium.complaints()).isEmpty();
    }
  }

  @Test
  void aTopicIsTalkedToByThoseWhoJoinedItAlone() {
    try (TestServer server = TestServer.start("inbound", "topic")) {
      DemoPage page = open(server);
      page.right().rename("topics", "sports, weather");
      page.right().await("Open");

      assertThat(page.right().find(".say").isDisplayed()).isFalse();
      say(page.left(), "to news");
      page.left().awaitMessage("to news");
      assertThat(page.right().messages()).isEmpty();
    }
  }

  @Test
  void whereNobodyHearsThemNothingIsOffered() {
    try (TestServer server = TestServer.start()) {
      DemoPage page = open(server);
      assertThat(server.get("/demo/settings").body()).isEqualTo("{\"inbound\":\"ignore\"}");
      chromium.await().until(driver -> page.knowsTheSettings());
      assertThat(page.left().find(".say").isDisplayed()).isFalse();
    }
  }

  private static DemoPage open(TestServer server) {
    chromium.freshTab();
    chromium.complaints(); // those of the page before, whose server has gone
    chromium.size(1280, 800);
    chromium.prefers(Map.of("prefers-reduced-motion", "reduce")); // no colour is on its way
    return DemoPage.open(chromium, server.uri("/"));
  }

  private static void say(DemoPage.Device device, String text) {
    chromium.await().until(driver -> device.find(".say").isDisplayed());
    device.find(".say input").sendKeys(text + Keys.ENTER);
  }
}
