package io.pushwire.example.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushwire.test.Chromium;
import io.pushwire.test.PhpSite;
import io.pushwire.testkit.Brokers;
import io.pushwire.testkit.RedisServer;
import io.pushwire.testkit.Script;
import io.pushwire.testkit.ServerProcess;
import io.pushwire.testkit.WebSocketClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;

/** The shop as it is, a Redis, and two stock servers with the example's configuration. */
class PhpPubSubIT {
  private static final String SECRET = "a secret of thirty-two bytes, or more";

  private static final Pattern TOKEN = Pattern.compile("\"token\":\"([^\"]+)\"");

  private static RedisServer redis;
  private static PhpSite site;
  private static ServerProcess one;
  private static ServerProcess two;

  @BeforeAll
  static void startAll(@TempDir Path folder) {
    redis = Brokers.redis();
    site = PhpSite.start(folder, "PUSHWIRE_AUTH_JWT_SECRET=" + SECRET);
    Path home = folder.resolve("server");
    ServerProcess.unpack(Path.of(System.getProperty("pushwire.distribution")), home);
    one = startServer(home);
    two = startServer(home);
    site.knows(one, two);
  }

  private static ServerProcess startServer(Path home) {
    return ServerProcess.start(
        home,
        "--config=" + Path.of("pushwire.properties").toAbsolutePath(),
        "--set=driver.redis-pubsub.uri=" + redis.uri(),
        "--set=auth.jwt.secret=" + SECRET,
        "--set=server.origins=" + site.origin());
  }

  @AfterAll
  static void stopAll() {
    one.close();
    two.close();
    site.close();
    redis.close();
  }

  @Test
  void whatTheShopPublishesReachesThoseItIsForOnBothServersOnce() {
    try (WebSocketClient anna = one.open("?topic=orders&token=" + token("anna"));
        WebSocketClient carol = two.open("?topic=orders&token=" + token("carol"));
        WebSocketClient bensPhone = one.open("?token=" + token("ben"));
        WebSocketClient bensDesk = two.open("?token=" + token("ben"))) {
      assertThat(order("ben", "two chairs")).isEqualTo("2 servers heard of it\n");
      order("carol", "a table, 2 × 1 m, \"oak\"");
      order("ben", "the end");

      List<String> orders =
          List.of(
              "ben orders two chairs",
              "carol orders a table, 2 × 1 m, \"oak\"",
              "ben orders the end");
      assertThat(until("ben orders the end", anna)).isEqualTo(orders);
      assertThat(carol.next()).isEqualTo(orders.get(0));
      assertThat(List.of(carol.next(), carol.next(), carol.next()))
          .containsExactlyInAnyOrder(
              orders.get(1), "Thank you for a table, 2 × 1 m, \"oak\"", orders.get(2));
      for (WebSocketClient ben : List.of(bensPhone, bensDesk)) {
        assertThat(until("Thank you for the end", ben))
            .containsExactly("Thank you for two chairs", "Thank you for the end");
      }
      for (WebSocketClient client : List.of(anna, carol, bensPhone, bensDesk)) {
        assertThat(client.waiting()).isZero();
      }
    }
  }

  @Test
  void theTokenDecidesWhoListensToWhat() {
    assertThat(handshake("?topic=orders")).isEqualTo(401);
    assertThat(handshake("?user=anna")).isEqualTo(401);
    assertThat(handshake("?token=" + token("anna", "b" + SECRET))).isEqualTo(401);
    assertThat(handshake("?topic=orders&token=" + token("ben"))).isEqualTo(403);
    assertThat(handshake("?user=ben&token=" + token("anna"))).isEqualTo(403);
    assertThat(handshake("?topic=orders&user=anna&token=" + token("anna"))).isEqualTo(101);
  }

  @Test
  void thePageShowsEachWhatIsForHim() {
    try (Chromium browser = Chromium.start()) {
      browser.size(1100, 480);
      browser.driver().get(site.origin() + "/");
      for (String user : List.of("anna", "carol", "ben")) {
        await(browser, user, "[data-state=open]");
      }
      order("ben", "two chairs and a table");
      order("carol", "a lamp");
      assertThat(texts(browser, "anna", 2))
          .containsExactly("carol orders a lamp", "ben orders two chairs and a table");
      assertThat(texts(browser, "carol", 3))
          .contains("Thank you for a lamp", "carol orders a lamp");
      assertThat(texts(browser, "ben", 1)).containsExactly("Thank you for two chairs and a table");
      browser.driver().switchTo().defaultContent();
      assertThat(browser.complaints()).isEmpty();
      browser.screenshot("shop");
    }
  }

  private static void await(Chromium browser, String user, String css) {
    browser.driver().switchTo().defaultContent();
    browser
        .driver()
        .switchTo()
        .frame(browser.driver().findElement(By.cssSelector("[title=" + user + "]")));
    browser.await().until(tab -> !tab.findElements(By.cssSelector(css)).isEmpty());
  }

  /** What the page shows him, the newest first. */
  private static List<String> texts(Chromium browser, String user, int count) {
    await(browser, user, "li:nth-child(" + count + ")");
    return browser.driver().findElements(By.cssSelector("li")).stream()
        .map(item -> item.getText())
        .toList();
  }

  private static List<Object> until(String last, WebSocketClient client) {
    List<Object> all = new ArrayList<>();
    do {
      all.add(client.next());
    } while (!all.get(all.size() - 1).equals(last));
    return all;
  }

  private static String order(String customer, String what) {
    Map<String, String> environment = Map.of("REDIS_PORT", String.valueOf(redis.port()));
    return Script.run(Path.of("."), environment, "php", "order.php", customer, what);
  }

  private static String token(String user) {
    return token(user, SECRET);
  }

  /** Made by the shop's own script. */
  private static String token(String user, String secret) {
    String printed =
        Script.run(
            Path.of("web"),
            Map.of("PUSHWIRE_AUTH_JWT_SECRET", secret),
            "php",
            "-r",
            "$_GET['user'] = $argv[1]; include 'token.php';",
            user);
    Matcher token = TOKEN.matcher(printed);
    assertThat(token.find()).as(printed).isTrue();
    return token.group(1);
  }

  /** What a handshake is answered with. */
  private static int handshake(String query) {
    URI uri = URI.create("ws" + two.uri().toString().substring(4) + "ws" + query);
    try {
      HttpClient.newHttpClient()
          .newWebSocketBuilder()
          .buildAsync(uri, new WebSocket.Listener() {})
          .join()
          .abort();
      return 101;
    } catch (CompletionException e) {
      return ((WebSocketHandshakeException) e.getCause()).getResponse().statusCode();
    }
  }
}
