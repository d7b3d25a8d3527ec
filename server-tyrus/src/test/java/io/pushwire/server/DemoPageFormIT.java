package io.pushwire.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The form that does what a backend does, and the commands to take along. */
class DemoPageFormIT extends DemoPageScene {
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

  private static void run(String curl) throws Exception {
    Process process =
        new ProcessBuilder("bash", "-c", curl + " --silent --show-error --fail")
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s: %s", curl, said).isZero();
  }

  private static WebElement focused() {
    return chromium.driver().switchTo().activeElement();
  }
}
