package io.pushwire.example.business;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushwire.test.Chromium;
import io.pushwire.testkit.ChildJvm;
import io.pushwire.testkit.Ports;
import io.pushwire.testkit.RabbitMqServer;
import io.pushwire.testkit.Script;
import io.pushwire.testkit.ServerProcess;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;

/** The business, its broker, two stock servers with this folder's settings, and a customer. */
@TestMethodOrder(OrderAnnotation.class)
class PaymentAndProgressIT {
  private static final String OPEN = "The business is open, at ";
  private static final int PRICES = 3_000_000;

  @TempDir private static Path home;
  private static RabbitMqServer rabbitMq;
  private static List<ServerProcess> nodes = new ArrayList<>();
  private static ChildJvm business;
  private static String address;
  private static Chromium chromium;
  private String desk;

  @BeforeAll
  static void start() {
    ServerProcess.unpack(Path.of(System.getProperty("pushwire.distribution")), home);
    rabbitMq = RabbitMqServer.shared();
    int port = Ports.free();
    nodes.add(node(port));
    nodes.add(node(port));
    business =
        ChildJvm.start(
            Business.class,
            String.valueOf(port),
            rabbitMq.uri(),
            nodes.get(0).uri().toString(),
            nodes.get(1).uri().toString());
    address = business.awaitLine(OPEN, Duration.ofSeconds(60)).substring(OPEN.length());
    chromium = Chromium.start();
  }

  private static ServerProcess node(int port) {
    return ServerProcess.start(
        home,
        "--config=" + Path.of("gateway.properties").toAbsolutePath(),
        "--set=server.origins=http://127.0.0.1:" + port,
        "--set=driver.rabbitmq.uri=" + rabbitMq.uri());
  }

  @AfterAll
  static void stop() {
    chromium.close();
    business.close();
    nodes.forEach(ServerProcess::close);
    rabbitMq.close();
  }

  @BeforeEach
  void open() {
    chromium.freshTab();
    chromium.size(960, 520);
    desk = visit("anna");
  }

  private static String visit(String user) {
    chromium.driver().get(address + "?user=" + user);
    chromium.await().until(driver -> find("#state").getText().startsWith(user + ", by "));
    return chromium.driver().getWindowHandle();
  }

  @AfterEach
  void theConsoleIsSilent() {
    assertThat(chromium.complaints()).isEmpty();
  }

  @Test
  void thePageFlipsToPaidWhenThePhoneHasPaid() {
    order();
    payOnThePhone(find("#phone").getDomProperty("href"));
    awaitText("#payment-state", "Paid. Thank you!");
    chromium.screenshot("paid");
  }

  private static void order() {
    find("#buy").click();
    awaitText("#payment-state", "Waiting for your phone");
    chromium.await().until(driver -> !"0".equals(find("#code").getDomProperty("naturalWidth")));
  }

  private void payOnThePhone(String href) {
    chromium.driver().switchTo().newWindow(WindowType.TAB);
    chromium.size(390, 700);
    chromium.driver().get(href);
    chromium.await().until(driver -> find("#pay").isDisplayed());
    assertThat(find("#sum").getText()).isEqualTo("€ 12.50");
    chromium.screenshot("phone");
    find("#pay").click();
    awaitText("#state", "Paid. Thank you!");
    chromium.driver().close();
    chromium.driver().switchTo().window(desk);
  }

  @Test
  void aLargeFileMovesTheBarAndAllReadTheNews() throws IOException {
    Path file = home.resolve("prices.csv");
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (int i = 0; i < PRICES; i++) {
        out.append(String.valueOf(1_000_000 + i)).append(";12.50\n");
      }
    }
    assertThat(Files.size(file)).isGreaterThan(40_000_000);
    chromium
        .driver()
        .executeScript(
            "window.seen = []; new MutationObserver(() => seen.push(progress.value))"
                + ".observe(progress, { attributeFilter: ['value'] })");
    order();
    find("#file").sendKeys(file.toString());
    chromium.await().until(driver -> percent() > 20);
    chromium.screenshot("payment-and-progress");
    awaitText("#import-state", "Done, 3,000,000 prices");
    awaitText("#notices", "anna has imported 3,000,000 prices.");

    List<?> seen = (List<?>) chromium.driver().executeScript("return seen");
    List<Double> percents = seen.stream().map(n -> ((Number) n).doubleValue()).toList();
    assertThat(percents).isSorted().hasSizeGreaterThan(4).endsWith(100.0);
  }

  @Test
  void aLineThatIsNoPriceIsSaid() throws IOException {
    Path file = Files.writeString(home.resolve("wrong.csv"), "1;12.50\n2;\"free\"\n");
    find("#file").sendKeys(file.toString());
    awaitText("#import-state", "Not imported: Line 2 is not like this: 4711;12.50");
    assertThat(chromium.complaints()).singleElement().asString().contains("/imports?user=anna");
  }

  @Test
  void whatIsWrongIsSaid() throws IOException, InterruptedException {
    assertThat(post("payments?user=anna&amount=much")).startsWith("400 'amount' is missing");
    assertThat(post("payments?user=a%22b&amount=1")).startsWith("400 'user' is missing");
    assertThat(post("payments/nonsense/pay")).isEqualTo("404 There is no such payment");
    assertThat(post("nothing.html")).isEqualTo("404 There is nothing here");
  }

  private static String post(String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address + path)).POST(BodyPublishers.noBody()).build();
    HttpResponse<String> answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    return answer.statusCode() + " " + answer.body();
  }

  @Test
  void anyOtherProgramWritesToTheQueueAsWell() {
    String json = "{\"type\":\"notice\",\"text\":\"Closed on Monday\"}";
    publish(json, "-p");
    awaitText("#notices", "Closed on Monday");
    publish("{\"type\":\"notice\",\"text\":\"for bert\"}", "-H", "x-pw-to: {\"user\":\"bert\"}");
    publish("{\"type\":\"notice\",\"text\":\"for anna\"}", "-H", "x-pw-to: {\"user\":\"anna\"}");
    awaitText("#notices", "for anna\nClosed on Monday");
  }

  private static void publish(String json, String... options) {
    List<String> command =
        new ArrayList<>(
            List.of("amqp-publish", "-u", rabbitMq.uri(), "-r", "ws.notice", "-b", json));
    command.addAll(List.of(options));
    Script.run(home, Map.of(), command.toArray(String[]::new));
  }

  /** The page goes on with the other node, and so does the business. */
  @Test
  @Order(Integer.MAX_VALUE) // the others need both
  void aNodeThatDiesIsNotMissed() {
    order();
    String phone = find("#phone").getDomProperty("href");
    URI mine = URI.create("http://" + find("#state").getText().substring("anna, by ".length()));
    boolean first = nodes.get(0).uri().getPort() == mine.getPort();
    nodes.get(first ? 0 : 1).close();
    awaitText("#state", "anna, by " + nodes.get(first ? 1 : 0).uri().getAuthority());

    payOnThePhone(phone);
    awaitText("#payment-state", "Paid. Thank you!");
    assertThat(chromium.complaints()).allMatch(line -> line.contains(":" + mine.getPort() + "/ws"));
  }

  private static void awaitText(String selector, String text) {
    chromium.await().until(driver -> find(selector).getText().equals(text));
  }

  private static double percent() {
    return Double.parseDouble(find("#progress").getDomProperty("value"));
  }

  private static WebElement find(String selector) {
    return chromium.driver().findElement(By.cssSelector(selector));
  }

  @Test
  void itIsReadableAndHasNames() {
    order();
    for (String scheme : List.of("light", "dark")) {
      chromium.prefers(Map.of("prefers-color-scheme", scheme));
      assertThat(chromium.hardToRead(4.5, 12)).as(scheme).isEmpty();
    }
    chromium.screenshot("dark");
    chromium.prefers(Map.of("prefers-color-scheme", "light"));
    assertThat(chromium.names(Set.of("button", "image", "link", "log", "progressbar")).values())
        .hasSize(5)
        .allSatisfy(names -> assertThat(names).doesNotContain(""));
    chromium.size(320, 700);
    assertThat(chromium.driver().executeScript("return document.documentElement.scrollWidth"))
        .isEqualTo(320L);
  }
}
