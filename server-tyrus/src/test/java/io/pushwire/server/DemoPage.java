package io.pushwire.server;

import io.pushwire.test.Chromium;
import java.net.URI;
import java.util.List;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The demo page, in the words of a visitor. */
final class DemoPage {
  private final Chromium chromium;

  private DemoPage(Chromium chromium) {
    this.chromium = chromium;
  }

  /** Opens it, and waits until both devices are connected. */
  static DemoPage open(Chromium chromium, URI url) {
    chromium.driver().get(url.toString());
    DemoPage page = new DemoPage(chromium);
    page.awaitConnected();
    return page;
  }

  boolean knowsTheSettings() {
    return (boolean)
        chromium
            .driver()
            .executeScript(
                "return performance.getEntriesByType('resource')"
                    + ".some(e => e.name.endsWith('/demo/settings') && e.responseEnd > 0)");
  }

  void reload() {
    chromium.driver().navigate().refresh();
    awaitConnected();
  }

  private void awaitConnected() {
    left().await("Open");
    right().await("Open");
  }

  Device left() {
    return new Device(0);
  }

  Device right() {
    return new Device(1);
  }

  WebElement find(String selector) {
    return chromium.driver().findElement(By.cssSelector(selector));
  }

  /** The radio button itself is not to be seen, its label is. */
  void choose(String name, String value) {
    find("#send label:has([name=%s][value=%s])".formatted(name, value)).click();
  }

  void type(String field, String text) {
    replace(find("#send [name=%s]".formatted(field)), text);
  }

  void send() {
    find("#send [type=submit]").click();
  }

  /** Waits for the answer to what was sent. */
  String receipt() {
    return chromium
        .await()
        .until(
            driver -> {
              WebElement receipt = find("#receipt");
              return receipt.isDisplayed() ? receipt.getText() : null;
            });
  }

  String curl() {
    return find("#curl").getText();
  }

  private static void replace(WebElement field, String text) {
    field.sendKeys(Keys.chord(Keys.CONTROL, "a"), text);
  }

  /** One of the two. */
  final class Device {
    private final int index;

    private Device(int index) {
      this.index = index;
    }

    WebElement find(String selector) {
      return chromium
          .driver()
          .findElements(By.className("pane"))
          .get(index)
          .findElement(By.cssSelector(selector));
    }

    void await(String state) {
      chromium.await().until(driver -> find(".pill").getText().equals(state));
    }

    void rename(String field, String text) {
      replace(find("[name=%s]".formatted(field)), text + Keys.ENTER);
    }

    String value(String field) {
      return find("[name=%s]".formatted(field)).getDomProperty("value");
    }

    void awaitMessage(String text) {
      chromium.await().until(driver -> messages().contains(text));
    }

    /** Newest first. */
    List<String> messages() {
      return find("ol").findElements(By.tagName("pre")).stream()
          .map(row -> row.getDomProperty("textContent"))
          .toList();
    }

    String received() {
      return find(".count").getText();
    }

    double progress() {
      return Double.parseDouble(find("progress").getDomProperty("value"));
    }

    void awaitPayment(String state) {
      chromium
          .await()
          .until(
              driver -> {
                WebElement ticket = find(".ticket");
                return ticket.isDisplayed() && state.equals(ticket.getDomAttribute("data-state"));
              });
    }
  }
}
