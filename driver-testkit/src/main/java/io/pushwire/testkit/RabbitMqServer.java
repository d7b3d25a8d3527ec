package io.pushwire.testkit;

import io.pushwire.api.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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
  private final Map<String, String> environment;
  private ChildProcess process;

  private RabbitMqServer(List<String> config, boolean tls) {
    try {
      environment = prepare(config, tls);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    process = launch();
    awaitUp();
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

  private Map<String, String> prepare(List<String> config, boolean tls) throws IOException {
    Path cookie = Files.writeString(directory.resolve(".erlang.cookie"), ErlCall.COOKIE);
    Files.setPosixFilePermissions(cookie, PosixFilePermissions.fromString("r--------"));
    List<String> lines = new ArrayList<>();
    lines.add("listeners.tcp.1 = 127.0.0.1:" + port);
    lines.add("vm_memory_high_watermark.absolute = 512MB");
    lines.add("disk_free_limit.absolute = 50MB");
    if (tls) {
      lines.add("listeners.ssl.1 = 127.0.0.1:" + (port + TLS));
    }
    lines.addAll(config);
    Map<String, String> env = new HashMap<>();
    env.put("HOME", directory.toString());
    env.put("RABBITMQ_CONF_ENV_FILE", Files.createFile(directory.resolve("env")).toString());
    env.put("RABBITMQ_CONFIG_FILE", Files.write(directory.resolve("r.conf"), lines).toString());
    env.put(
        "RABBITMQ_ENABLED_PLUGINS_FILE",
        Files.writeString(directory.resolve("plugins"), "[].").toString());
    env.put("RABBITMQ_NODENAME", "r" + port + "@localhost");
    env.put("RABBITMQ_NODE_PORT", Integer.toString(port));
    env.put("RABBITMQ_DIST_PORT", Integer.toString(port + DISTRIBUTION));
    env.put("RABBITMQ_MNESIA_BASE", directory.resolve("data").toString());
    env.put("RABBITMQ_LOG_BASE", directory.resolve("log").toString());
    env.put("RABBITMQ_PID_FILE", directory.resolve("pid").toString());
    // no epmd, which would outlive the test; no busy waiting, which would take its processors
    env.put(
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
        "-start_epmd false -erl_epmd_port "
            + (port + DISTRIBUTION)
            + " +S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none"
            + " -kernel inet_dist_use_interface {127,0,0,1}");
    return env;
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
  }

  @Override
  public void start() {
    process.kill();
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
    erlang.eval(
        "[rabbit_exchange:delete(N, false, <<\"kit\">>) || {resource, _, exchange, X} = N <-"
            + " rabbit_exchange:list_names(), X =/= <<>>, binary:part(X, 0, 4) =/= <<\"amq.\">>],"
            + "[rabbit_amqqueue:with(N, fun(Q) -> rabbit_amqqueue:delete(Q, false, false,"
            + " <<\"kit\">>) end) || N <- rabbit_amqqueue:list_names()]");
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
    Map<String, Long> counts = new TreeMap<>();
    counts.put("connections", erlang.number("length(rabbit_networking:connections())"));
    counts.put("queues", (long) queues(prefix).size());
    counts.put(
        "exchanges", count("rabbit_exchange:list_names()", "{resource, _, exchange, X}", prefix));
    String binding = "{binding, _, _, {resource, _, _, X}, _}";
    counts.put("bindings", count("rabbit_binding:list(<<\"/\">>)", binding, prefix));
    return counts;
  }

  /**
   * @param prefix what the name begins with
   * @return the queues of the default virtual host, in the order of their names
   */
  public List<String> queues(String prefix) {
    String printed =
        erlang.eval(
            "[io:format(\"~ts~n\", [X]) || {resource, _, queue, X} <- rabbit_amqqueue:list_names()]");
    List<String> names =
        new ArrayList<>(printed.lines().filter(name -> name.startsWith(prefix)).toList());
    Collections.sort(names);
    return names;
  }

  private long count(String list, String pattern, String prefix) {
    return erlang.number(
        "length([X || %s <- %s, string:prefix(X, <<\"%s\">>) =/= nomatch])"
            .formatted(pattern, list, prefix));
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
