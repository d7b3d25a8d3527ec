package io.pushwire.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * A private broker of any kind: a program that listens on a port of the loopback address. Drivers
 * reach it through a {@link FaultProxy}, so that it can be killed, started again, paused, cut off,
 * and its connections counted, whatever it is. It ends with this JVM at the latest. A subclass adds
 * what takes knowledge of the broker, such as {@link BrokerControls#inject}.
 *
 * @since 0.1
 */
public class BrokerProcess implements BrokerControls, AutoCloseable {
  private static final Duration START = Duration.ofSeconds(30);

  private final int ownPort = Ports.free();
  private final FaultProxy proxy = FaultProxy.to(ownPort);
  private final Path directory;
  private final List<String> command = new ArrayList<>();
  private ChildProcess process;

  /**
   * Starts a broker, in an empty directory of its own.
   *
   * @param program its name on the PATH
   * @param debianPackage what to install if it is not there
   * @param options makes its options from the port that it is to listen on
   * @throws IllegalStateException if it is not installed, or takes no connections; says why
   */
  public BrokerProcess(String program, String debianPackage, IntFunction<List<String>> options) {
    directory = TemporaryDirectory.create(program);
    command.add(Binaries.require(program, debianPackage));
    command.addAll(options.apply(ownPort));
    process = launch();
  }

  private ChildProcess launch() {
    Path log = directory.resolve("log");
    ChildProcess started = ChildProcess.start(directory, Map.of(), log, command);
    if (!Wait.within(START, () -> !started.isAlive() || takesConnections()) || !started.isAlive()) {
      started.kill();
      throw new IllegalStateException(
          command + " does not start:\n" + TemporaryDirectory.tail(log));
    }
    return started;
  }

  private boolean takesConnections() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), ownPort)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * @return where drivers reach it on the loopback address
   */
  public final int port() {
    return proxy.port();
  }

  /**
   * @return restart, pause, cut, and the number of connections
   */
  @Override
  public Set<Control> supported() {
    return EnumSet.of(Control.RESTART, Control.PAUSE, Control.CUT, Control.LEFTOVERS);
  }

  @Override
  public final void kill() {
    process.kill();
  }

  @Override
  public final void start() {
    process = launch();
  }

  @Override
  public final void pause() {
    process.pause();
  }

  @Override
  public final void resume() {
    process.resume();
  }

  @Override
  public final void cut() {
    proxy.cut();
  }

  @Override
  public Map<String, Long> leftovers(String prefix) {
    return Map.of("connections", (long) proxy.connections());
  }

  /** Ends it and deletes its directory. */
  @Override
  public final void close() {
    process.kill();
    proxy.close();
    TemporaryDirectory.delete(directory);
  }
}
