package io.pushwire.testkit;

import io.pushwire.api.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A private RabbitMQ on a free port of the loopback address, in a directory of its own. It ends
 * with this JVM at the latest. Starts in 5 to 20 seconds and takes 150 MB: share one with {@link
 * #shared} where nothing is done to it.
 *
 * @since 0.1
 */
public final class RabbitMqServer implements BrokerControls, AutoCloseable {
  private static final Duration START = Duration.ofSeconds(90);
  private static final int DISTRIBUTION = 1;
  private static final int TLS = 2;
  private static final String PROGRAM = "/usr/lib/rabbitmq/bin/rabbitmq-server";

  private final Path directory = TemporaryDirectory.create("rabbitmq");
  private final int port = Ports.free(DISTRIBUTION, TLS);
  private final ErlCall erlang = new ErlCall(port + DISTRIBUTION);
  private final RabbitMqObjects objects = new RabbitMqObjects(erlang);
  private final Map<String, String> environment;
  private ChildProcess process;

  private RabbitMqServer(List<String> config, boolean tls) {
    try {
      environment =
          RabbitMqFiles.write(directory, port, port + DISTRIBUTION, listeners(config, tls));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    process = launch();
    awaitUp();
  }

  private List<String> listeners(List<String> config, boolean tls) {
    List<String> lines = new ArrayList<>(config);
    if (tls) {
      lines.add("listeners.ssl.1 = 127.0.0.1:" + tlsPort());
    }
    return lines;
  }

  /**
   * Starts a broker.
   *
   * @param config more lines for its {@code rabbitmq.conf}
   * @return the server, which takes connections
   * @throws IllegalStateException if RabbitMQ is not installed
   */
  public static RabbitMqServer open(String... config) {
    return new RabbitMqServer(List.of(config), false);
  }

  /**
   * Starts a broker that listens on {@link #tlsPort} as well.
   *
   * @param config more lines for its {@code rabbitmq.conf}: the {@code ssl_options} must be among
   *     them
   * @return the server, which takes connections
   */
  public static RabbitMqServer openTls(String... config) {
    return new RabbitMqServer(List.of(config), true);
  }

  /**
   * @return the one broker that tests of this JVM share, each with a prefix of its own; started
   *     when first asked for
   */
  public static RabbitMqServer shared() {
    return Shared.SERVER;
  }

  private static final class Shared {
    static final RabbitMqServer SERVER = open();
  }

  private ChildProcess launch() {
    // not the one on the PATH, which changes the user and loses the environment
    if (!Files.isExecutable(Path.of(PROGRAM))) {
      throw new IllegalStateException(
          PROGRAM + " is missing, and this test needs it: apt-get install rabbitmq-server");
    }
    return ChildProcess.start(
        directory, environment, directory.resolve("rabbitmq.log"), List.of(PROGRAM));
  }

  private void awaitUp() {
    long end = System.nanoTime() + START.toNanos();
    while (!isUp()) {
      if (!process.isAlive() || System.nanoTime() > end) {
        process.kill();
        throw new IllegalStateException("RabbitMQ does not start:\n" + log());
      }
      Pause.millis(50);
    }
  }

  private boolean isUp() {
    try {
      // the listeners are the last that starts
      return erlang.number("length(rabbit_networking:active_listeners())") > 0;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  /**
   * @return its port, without TLS
   */
  public int port() {
    return port;
  }

  /**
   * @return its port for TLS, if it was opened with it
   */
  public int tlsPort() {
    return port + TLS;
  }

  /**
   * @return its URI: no TLS, the guest user, the default virtual host
   */
  public String uri() {
    return "amqp://guest:guest@127.0.0.1:" + port;
  }

  /**
   * @return the end of its log
   */
  public String log() {
    return TemporaryDirectory.tail(directory.resolve("rabbitmq.log"));
  }

  /**
   * Evaluates an expression in the broker.
   *
   * @param erlang without the final dot
   * @return what it printed
   */
  public String eval(String erlang) {
    return this.erlang.eval(erlang);
  }

  @Override
  public Set<Control> supported() {
    return EnumSet.allOf(Control.class);
  }

  @Override
  public boolean durable() {
    return true;
  }

  @Override
  public void kill() {
    process.kill();
    // what was started by a script is the broker, and may be a little longer about its end
    long end = System.nanoTime() + START.toNanos();
    while (!Ports.isFree(port)) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("RabbitMQ does not end");
      }
      Pause.millis(5);
    }
  }

  @Override
  public void start() {
    kill();
    process = launch();
    awaitUp();
  }

  @Override
  public void pause() {
    signal("STOP");
  }

  @Override
  public void resume() {
    signal("CONT");
  }

  /** The broker is a descendant of the script that starts it. */
  private void signal(String signal) {
    String pids =
        ProcessHandle.of(process.pid()).stream()
            .flatMap(p -> Stream.concat(Stream.of(p), p.descendants()))
            .map(p -> Long.toString(p.pid()))
            .collect(Collectors.joining(" "));
    ChildProcess.run("sh", "-c", "kill -" + signal + " " + pids);
  }

  @Override
  public void cut() {
    erlang.eval("[exit(P, kill) || P <- rabbit_networking:connections()]");
  }

  @Override
  public void flush() {
    objects.deleteAll();
  }

  /**
   * @param on whether the broker says that its memory is used up, and takes no messages
   */
  public void memoryAlarm(boolean on) {
    String resource = "{resource_limit, memory, node()}";
    erlang.eval(
        on
            ? "rabbit_alarm:set_alarm({" + resource + ", []})"
            : "rabbit_alarm:clear_alarm(" + resource + ")");
  }

  @Override
  public Map<String, Long> leftovers(String prefix) {
    return objects.count(prefix);
  }

  /**
   * @param prefix what the name begins with
   * @return the queues of the default virtual host, in the order of their names
   */
  public List<String> queues(String prefix) {
    return objects.queues(prefix);
  }

  @Override
  public void inject(String prefix, Target target, byte[] bytes) {
    if (target instanceof Target.Topic topic) {
      publish(prefix + ".key", "t." + topic.name(), bytes);
    } else {
      publish(prefix + ".all", "", bytes);
    }
  }

  /**
   * Publishes by {@code amqp-publish}, a client that is not Java.
   *
   * @param exchange empty: the routing key is a queue's name
   * @param routingKey where to
   * @param body the message
   * @param options more of its options: {@code "-H", "x-pw-type: text"}
   */
  public void publish(String exchange, String routingKey, byte[] body, String... options) {
    List<String> command = new ArrayList<>();
    command.add(Binaries.require("amqp-publish", "amqp-tools"));
    command.addAll(List.of("-u", uri(), "-e", exchange, "-r", routingKey));
    command.addAll(List.of(options));
    ErlCall.run(command, body);
  }

  /** Ends it and deletes its directory. */
  @Override
  public void close() {
    process.kill();
    TemporaryDirectory.delete(directory);
  }
}
