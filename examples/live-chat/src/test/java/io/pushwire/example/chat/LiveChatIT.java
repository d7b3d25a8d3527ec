package io.pushwire.example.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushwire.test.Chromium;
import io.pushwire.testkit.Brokers;
import io.pushwire.testkit.RedisServer;
import io.pushwire.testkit.Script;
import io.pushwire.testkit.ServerProcess;
import io.pushwire.testkit.WebSocketClient;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;

/** Two stock servers with this folder's settings, and a browser that looks at both. */
class LiveChatIT {
  private static final Path HERE = Path.of("").toAbsolutePath();

  @TempDir private static Path home;
  private static RedisServer redis;
  private static ServerProcess one;
  private static ServerProcess two;
  private static Chromium chromium;
  private String anna;
  private String bert;

  @BeforeAll
  static void start() {
    ServerProcess.unpack(Path.of(System.getProperty("pushwire.distribution")), home);
    redis = Brokers.redis();
    one = server();
    two = server();
    chromium = Chromium.start();
  }

  private static ServerProcess server() {
    return ServerProcess.start(
        home,
        "--config=" + HERE.resolve("chat.properties"),
        "--set=server.pages=" + HERE.resolve("pages"),
        "--set=driver.redis-pubsub.uri=" + redis.uri());
  }

  @AfterAll
  static void stop() {
    chromium.close();
    two.close();
    one.close();
    redis.close();
  }

  /** Anna is on the one server, Bert on the other. */
  @BeforeEach
  void open() {
    chromium.freshTab();
    anna = enter(one, "Anna");
    chromium.driver().switchTo().newWindow(WindowType.TAB);
    bert = enter(two, "Bert");
  }

  private static String enter(ServerProcess server, String name) {
    chromium.size(1000, 700);
    chromium.driver().get(server.uri().toString());
    chromium.await().until(driver -> find("#state").getText().startsWith("Connected to "));
    find("#name").clear();
    find("#name").sendKeys(name);
    return chromium.driver().getWindowHandle();
  }

  @AfterEach
  void theConsoleIsSilent() {
    assertThat(chromium.complaints()).isEmpty();
    chromium.driver().switchTo().window(bert).close();
    chromium.driver().switchTo().window(anna);
  }

  @Test
  void whatOneSaysAllHearOnBothServers() {
    say("Hello, <b>Anna</b>!");
    awaitMessage("Bert", "Hello, <b>Anna</b>!");
    chromium.driver().switchTo().window(anna);
    awaitMessage("Bert", "Hello, <b>Anna</b>!");
    say("Hello Bert");
    awaitMessage("Anna", "Hello Bert");
    assertThat(find("li.mine p").getText()).isEqualTo("Hello Bert");
    chromium.driver().switchTo().window(bert);
    awaitMessage("Anna", "Hello Bert");
    assertThat(messages())
        .containsExactly(List.of("Bert", "Hello, <b>Anna</b>!"), List.of("Anna", "Hello Bert"));
    chromium.screenshot("chat");
  }

  @Test
  void aPhpScriptAndAClockSpeakAsWell() {
    Map<String, String> environment = Map.of("REDIS_PORT", String.valueOf(redis.port()));
    String said =
        Script.run(HERE, environment, "php", "say.php", "Back office", "Lunch is ready. Äpfel!");
    assertThat(said).isEqualTo("2 nodes heard it\n");
    awaitMessage("Back office", "Lunch is ready. Äpfel!");
    assertThat(redis.cli("PUBLISH", "chat", "{\"text\":\"from the shell\"}")).isEqualTo("2");
    awaitMessage("Somebody", "from the shell");
    assertThat(redis.cli("PUBLISH", "chat", "no JSON")).isEqualTo("2");
    awaitMessage("Somebody", "no JSON");
    try (Script clock = Script.start(HERE, environment, "./clock", "1")) {
      clock.awaitLine("The clock speaks every 1 s");
      chromium
          .await()
          .until(
              driver ->
                  messages().stream()
                          .filter(m -> m.get(0).equals("Clock") && m.get(1).startsWith("It is "))
                          .count()
                      >= 2);
    }
    chromium.driver().switchTo().window(anna);
    awaitMessage("Back office", "Lunch is ready. Äpfel!");
  }

  @Test
  void itIsReadableAndReachable() {
    say("Hello");
    awaitMessage("Bert", "Hello");
    redis.cli("PUBLISH", "chat", "{\"name\":\"Clock\",\"text\":\"It is late.\"}");
    awaitMessage("Clock", "It is late.");
    for (String scheme : List.of("light", "dark")) {
      chromium.prefers(Map.of("prefers-color-scheme", scheme));
      assertThat(chromium.hardToRead(4.5, 8)).as(scheme).isEmpty();
      chromium.screenshot("chat-" + scheme);
    }
    assertThat(chromium.names(Set.of("textbox", "button", "log")))
        .isEqualTo(
            Map.of(
                "textbox", Set.of("Your name", "Message"),
                "button", Set.of("Say"),
                "log", Set.of("Messages")));
    chromium.size(320, 600);
    assertThat(chromium.driver().executeScript("return document.documentElement.scrollWidth"))
        .isEqualTo(320L);
    chromium.screenshot("chat-phone");
  }

  @Test
  void anyClientCanJoin() {
    try (WebSocketClient program = two.open("")) {
      program.send("{\"name\":\"Bot\",\"text\":\"I am a program\"}");
      awaitMessage("Bot", "I am a program");
      assertThat(program.next()).isEqualTo("{\"name\":\"Bot\",\"text\":\"I am a program\"}");
    }
  }

  private static void say(String text) {
    find("#text").sendKeys(text + Keys.ENTER);
  }

  private static void awaitMessage(String name, String text) {
    chromium.await().until(driver -> messages().contains(List.of(name, text)));
  }

  /** Who said what, in order. */
  private static List<List<String>> messages() {
    List<?> found =
        (List<?>)
            chromium
                .driver()
                .executeScript(
                    "return [...document.querySelectorAll('#messages li:not(.empty)')].map(li =>"
                        + " [li.querySelector('strong').textContent, li.querySelector('p').textContent])");
    return found.stream()
        .map(item -> ((List<?>) item).stream().map(String::valueOf).toList())
        .toList();
  }

  private static WebElement find(String selector) {
    return chromium.driver().findElement(By.cssSelector(selector));
  }
}
