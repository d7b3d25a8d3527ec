package io.pushwire.test;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/** A headless Chromium, and what of it the tests look at. */
public final class Chromium implements AutoCloseable {
  private static final Path BROWSER = Path.of("/usr/bin/chromium");
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
  private static final Path SCREENSHOTS = Path.of("target", "screenshots");
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final Duration LOOK_EVERY = Duration.ofMillis(25);
  private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

  static {
    // It warns of every Chromium that is newer than itself; what is used here works all the same.
    SELENIUM.setLevel(Level.SEVERE);
  }

  private final ChromeDriver driver;

  private Chromium(ChromeDriver driver) {
    this.driver = driver;
  }

  /**
   * @return a browser with an empty tab
   * @throws AssertionError if it is not installed
   */
  public static Chromium start() {
    for (Path needed : List.of(BROWSER, DRIVER)) {
      if (!Files.isExecutable(needed)) {
        throw new AssertionError(
            "%s is missing. Install it: sudo apt-get install -y chromium chromium-driver"
                .formatted(needed));
      }
    }
    ChromeOptions options = new ChromeOptions();
    options.setBinary(BROWSER.toFile());
    options.addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage");
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(DRIVER.toFile())
            .usingAnyFreePort()
            .build();
    return new Chromium(new ChromeDriver(service, options));
  }

  /**
   * @return what opens pages, and finds things on them
   */
  public ChromeDriver driver() {
    return driver;
  }

  /**
   * @return waits for conditions on the page, far longer than anything takes that works
   */
  public WebDriverWait await() {
    WebDriverWait wait = new WebDriverWait(driver, PATIENCE);
    wait.pollingEvery(LOOK_EVERY);
    return wait;
  }

  /** A fresh tab has no session storage; the old one goes. */
  public void freshTab() {
    String old = driver.getWindowHandle();
    driver.switchTo().newWindow(WindowType.TAB);
    String fresh = driver.getWindowHandle();
    driver.switchTo().window(old).close();
    driver.switchTo().window(fresh);
  }

  /** The window, in the page's pixels; a narrow one is a phone's. */
  public void size(int width, int height) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
  }

  /** What the user prefers, such as {@code prefers-color-scheme: dark}. */
  public void prefers(Map<String, String> features) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            features.entrySet().stream()
                .map(e -> Map.of("name", e.getKey(), "value", e.getValue()))
                .toList()));
  }

  /** What the console has said since the last time: errors and violations of the page's policy. */
  public List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .map(LogEntry::getMessage)
        .toList();
  }

  /**
   * The texts that are hard to read on what is behind them (WCAG 2.2, 1.4.3).
   *
   * @param ratio the least contrast; 4.5 is readable
   * @param texts how many the page has at least: fewer, and it is not the page
   * @return each such text, behind its contrast
   */
  public List<String> hardToRead(double ratio, int texts) {
    Object found = run(Chromium.class, "contrast.js", ratio, texts);
    return ((List<?>) Objects.requireNonNull(found)).stream().map(String::valueOf).toList();
  }

  /**
   * What a screen reader says of the page.
   *
   * @param roles the kinds that count, such as {@code button}
   * @return the names of all that is of such a kind, by kind; one without a name is empty
   */
  public Map<String, Set<String>> names(Set<String> roles) {
    Object nodes = driver.executeCdpCommand("Accessibility.getFullAXTree", Map.of()).get("nodes");
    return ((List<?>) Objects.requireNonNull(nodes))
        .stream()
            .map(node -> (Map<?, ?>) node)
            .filter(node -> roles.contains(value(node, "role")))
            .collect(
                Collectors.groupingBy(
                    node -> value(node, "role"),
                    Collectors.mapping(
                        node -> value(node, "name"), Collectors.toCollection(TreeSet::new))));
  }

  private static String value(Map<?, ?> node, String property) {
    return node.get(property) instanceof Map<?, ?> found ? String.valueOf(found.get("value")) : "";
  }

  /**
   * Runs a script on the page.
   *
   * @param test beside which the script lies, among the resources
   * @param script its name
   * @param arguments what it gets
   * @return what it returns
   */
  public @Nullable Object run(Class<?> test, String script, Object... arguments) {
    try (InputStream in = Objects.requireNonNull(test.getResourceAsStream(script), script)) {
      return driver.executeScript(new String(in.readAllBytes(), StandardCharsets.UTF_8), arguments);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Takes a picture, for people to look at: {@code target/screenshots/<name>.png}. */
  public void screenshot(String name) {
    try {
      Files.createDirectories(SCREENSHOTS);
      Files.write(SCREENSHOTS.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    driver.quit();
  }
}
