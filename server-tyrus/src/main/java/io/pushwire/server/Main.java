package io.pushwire.server;

import io.pushwire.api.ConfigurationException;
import io.pushwire.api.PushwireException;
import io.pushwire.server.observe.Logging;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command line. Exit codes: 0 stopped as asked, 1 could not run, 2 told wrongly. */
@Command(
    name = "pushwire",
    description = "Pushes messages to the WebSocket connections of users.",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpWidth = Main.WIDTH)
public final class Main implements Callable<Integer> {
  private static final Logger log = LoggerFactory.getLogger(Main.class);
  static final int WIDTH = 110;

  private static final int COULD_NOT_RUN = 1;
  private static final int TOLD_WRONGLY = 2;

  @Option(names = "--config", paramLabel = "FILE", description = "Settings, as Java properties.")
  private @Nullable Path file;

  @Option(names = "--set", paramLabel = "key=value", description = "One setting; may be repeated.")
  private Map<String, String> set = new LinkedHashMap<>();

  @Option(names = "--print-config", description = "Print the settings in force and exit.")
  private boolean printConfig;

  @Spec private @Nullable CommandSpec spec;

  private Main() {}

  /**
   * @param arguments the command line
   */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    CommandLine commandLine = new CommandLine(new Main());
    commandLine.getCommandSpec().usageMessage().footer(keys());
    commandLine.setParameterExceptionHandler(
        (e, arguments) -> {
          PrintWriter err = e.getCommandLine().getErr();
          // picocli says one word twice
          err.println(String.valueOf(e.getMessage()).replace("option option", "option"));
          err.println("Try --help");
          return TOLD_WRONGLY;
        });
    return commandLine;
  }

  @Override
  public Integer call() {
    try {
      Configuration configuration = configuration();
      ServerConfig config = read(configuration);
      if (printConfig) {
        configuration.lines().forEach(line -> out().println(line));
        return 0;
      }
      return run(config, configuration);
    } catch (ConfigurationException e) {
      return fail(TOLD_WRONGLY, "The configuration is wrong:", e.problems());
    } catch (PushwireException e) {
      return fail(COULD_NOT_RUN, "Pushwire cannot start:", List.of(String.valueOf(e.getMessage())));
    }
  }

  private static ServerConfig read(Configuration configuration) {
    try {
      ServerConfig config = configuration.read(() -> ServerConfig.from(configuration.settings()));
      Logging.use(config.logFormat());
      return config;
    } finally {
      configuration.warnings().forEach(log::warn);
    }
  }

  private int run(ServerConfig config, Configuration configuration) {
    try (PushwireServer server = configuration.read(() -> PushwireServer.start(config))) {
      CountDownLatch stop = new CountDownLatch(1);
      Signals.onStop(stop::countDown);
      log.info(
          "Pushwire {} runs: node {}, driver {}, auth {}, {}",
          Version.product(),
          server.node().info().id(),
          server.node().driverName(),
          config.access().name(),
          server.url());
      boolean hasPage = config.access().isForPlaying() || config.pages().isPresent();
      out()
          .printf(
              "%n  Pushwire is running%s  %s%n  Stop it with Ctrl-C.%n%n",
              hasPage ? ". Open" : " at", server.url());
      out().flush();
      stop.await();
      server.drain();
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return COULD_NOT_RUN;
    } catch (UncheckedIOException e) {
      return fail(COULD_NOT_RUN, "Pushwire cannot start:", List.of(describe(e, config)));
    }
  }

  private static String describe(UncheckedIOException e, ServerConfig config) {
    Throwable reason = e;
    while (reason.getCause() != null) {
      reason = reason.getCause();
    }
    String why = String.valueOf(reason.getMessage());
    String next =
        why.contains("in use")
            ? "Stop what has the port, or choose another one: --set server.port=%d (0: any free one)"
                .formatted(config.port() % 65_535 + 1)
            : why.contains("assign")
                ? "Choose an address of this machine: --set server.host=127.0.0.1"
                : "Choose a port from 1024 on, which needs no rights: --set server.port=8080";
    return "%s:%d cannot be listened on: %s. %s"
        .formatted(config.host().getHostAddress(), config.port(), why, next);
  }

  private Configuration configuration() {
    Map<String, String> system = new TreeMap<>();
    Properties properties = System.getProperties();
    properties
        .stringPropertyNames()
        .forEach(name -> system.put(name, properties.getProperty(name)));
    return new Configuration(read(file), "file " + file, System.getenv(), system, set);
  }

  private static Map<String, String> read(@Nullable Path file) {
    Properties properties = new Properties();
    if (file != null) {
      try (Reader reader = Files.newBufferedReader(file)) {
        properties.load(reader);
      } catch (NoSuchFileException e) {
        throw new ConfigurationException("--config " + file + ": there is no such file", e);
      } catch (IOException | IllegalArgumentException e) {
        throw new ConfigurationException(
            "--config " + file + ": cannot be read as UTF-8 Java properties: " + e.getMessage(), e);
      }
    }
    Map<String, String> values = new TreeMap<>();
    properties.stringPropertyNames().forEach(key -> values.put(key, properties.getProperty(key)));
    return values;
  }

  private int fail(int code, String what, List<String> problems) {
    PrintWriter err = spec().commandLine().getErr();
    err.println(what);
    problems.forEach(problem -> err.println("  " + problem));
    err.flush();
    return code;
  }

  private PrintWriter out() {
    return spec().commandLine().getOut();
  }

  private CommandSpec spec() {
    return Objects.requireNonNull(spec);
  }

  private static String[] keys() {
    StringBuilder text = new StringBuilder("%nKeys, with their defaults:%n".formatted());
    for (Key key : Key.ALL) {
      text.append("  %-40s %s%n".formatted(assignment(key), key.meaning()));
    }
    text.append(
        """

        A key may stand in the file, in the environment (PUSHWIRE_SERVER_PORT), be a system property
        (pushwire.server.port), or come by --set; the later one counts.
        """);
    return text.toString().replace("%", "%%").split("\n", -1);
  }

  private static String assignment(Key key) {
    return key.isPattern() ? key.name() : key.name() + "=" + key.standard();
  }
}
