package io.pushwire.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every visitor can see, read and reach, and what no stranger can put there. */
class DemoPageLooksIT extends DemoPageScene {
  private static final double READABLE = 4.5;

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
    assertThat((List<?>) chromium.run(getClass(), "cut-off.js")).isEmpty();
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

    assertThat(chromium.hardToRead(READABLE, 20)).isEmpty();
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

    Set<String> controls =
        Set.of("button", "textbox", "combobox", "radio", "link", "progressbar", "image", "log");
    Map<String, Set<String>> names = chromium.names(controls);

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

  private static long number(String script) {
    return ((Number) chromium.driver().executeScript(script)).longValue();
  }
}
