package io.pushwire.example.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushwire.test.Chromium;
import io.pushwire.test.PhpSite;
import io.pushwire.testkit.Brokers;
import io.pushwire.testkit.RedisServer;
import io.pushwire.testkit.Script;
import io.pushwire.testkit.ServerProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;

/** The page and its scripts as they are, a Redis, and two stock servers. */
class UserInboxIT {
  /** To user 7: 1 to 400, for a second or more. */
  private static final String NUMBERS =
      """
      for i in $(seq 20); do php send.php 7 $(seq $((20 * i - 19)) $((20 * i))); done
      echo done
      """;

  private static Path home;
  private static RedisServer redis;
  private static PhpSite site;
  private static ServerProcess one;
  private static ServerProcess two;
  private static Chromium browser;

  @BeforeAll
  static void startAll(@TempDir Path folder) {
    redis = Brokers.redis();
    site = PhpSite.start(folder);
    home = folder.resolve("server");
    ServerProcess.unpack(Path.of(System.getProperty("pushwire.distribution")), home);
    one = startServer();
    two = startServer();
    browser = Chromium.start();
    browser.size(900, 560);
  }

  private static ServerProcess startServer() {
    return ServerProcess.start(
        home,
        "--config=" + Path.of("pushwire.properties").toAbsolutePath(),
        "--set=driver.redis-queue.uri=" + redis.uri(),
        "--set=server.origins=" + site.origin());
  }

  @AfterAll
  static void stopAll() {
    browser.close();
    one.close();
    two.close();
    site.close();
    redis.close();
  }

  @Test
  void whatCameWhileTheUserWasAwayIsCountedAndThenDeliveredInOrder() {
    site.knows(one, two);
    send("42", "Welcome!", "Your parcel is on its way", "It will be there by 10");
    open("42");
    assertThat(inbox(3))
        .isEqualTo(List.of("Welcome!", "Your parcel is on its way", "It will be there by 10"));

    browser.driver().findElement(By.id("switch")).click();
    awaitText("count", "0");
    send("42", "“Nobody at home” £ 🎉", "It is at your neighbour's");
    awaitText("count", "2");
    browser.screenshot("inbox-away");
    assertThat(one.get("v1/users/42")).contains("\"online\":false", "\"waiting\":2");

    browser.driver().findElement(By.id("switch")).click();
    assertThat(inbox(5))
        .isEqualTo(
            List.of(
                "Welcome!",
                "Your parcel is on its way",
                "It will be there by 10",
                "“Nobody at home” £ 🎉",
                "It is at your neighbour's"));
    browser.await().until(page -> one.get("v1/users/42").contains("\"waiting\":0"));
    browser.driver().navigate().refresh();
    assertThat(inbox(5)).hasSize(5);
    assertThat(browser.hardToRead(4.5, 8)).isEmpty();
    browser.prefers(Map.of("prefers-color-scheme", "dark"));
    assertThat(browser.hardToRead(4.5, 8)).isEmpty();
    browser.screenshot("inbox-dark");
    browser.prefers(Map.of());
    assertThat(browser.complaints()).isEmpty();
    browser.screenshot("inbox");
  }

  @Test
  void thePageGoesOnWithTheOtherServerWhenItsOwnIsKilledAndMissesNothing() {
    ServerProcess victim = startServer();
    site.knows(victim, two);
    open("7");
    awaitText("state", victim.uri().getAuthority());
    try (Script producer = Script.start(Path.of("."), toRedis(), "sh", "-c", NUMBERS)) {
      inbox(50);
      victim.close();
      producer.awaitLine("done");
    }
    assertThat(inbox(400))
        .isEqualTo(IntStream.rangeClosed(1, 400).mapToObj(String::valueOf).toList());
    awaitText("state", two.uri().getAuthority());
  }

  private static void open(String user) {
    browser.driver().get(site.origin() + "/?user=" + user);
    browser
        .await()
        .until(page -> !page.findElements(By.cssSelector("[data-state=open]")).isEmpty());
  }

  private static void awaitText(String id, String text) {
    browser.await().until(page -> page.findElement(By.id(id)).getText().equals(text));
  }

  /** What the page shows when it shows so many or more, the oldest first. */
  private static List<?> inbox(int count) {
    browser
        .await()
        .until(page -> !page.findElements(By.cssSelector("li:nth-child(" + count + ")")).isEmpty());
    return (List<?>)
        browser
            .driver()
            .executeScript(
                "return [...document.querySelectorAll('li')].map((li) => li.firstChild.data).reverse()");
  }

  private static void send(String user, String... texts) {
    List<String> command = new ArrayList<>(List.of("php", "send.php", user));
    command.addAll(List.of(texts));
    Script.run(Path.of("."), toRedis(), command.toArray(String[]::new));
  }

  private static Map<String, String> toRedis() {
    return Map.of("REDIS_PORT", String.valueOf(redis.port()));
  }
}
