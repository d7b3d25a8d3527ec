package io.pushwire.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The program as it is started: arguments, environment and signals in, texts and exit codes out.
 */
class MainTest {
  @TempDir private Path folder;

  @Test
  void helpListsTheOptionsAndAllKeys() {
    Program.Result result = Program.run("--help");

    assertThat(result.exitCode()).isZero();
    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .startsWith("Usage: pushwire")
        .contains("--config=FILE", "--set=key=value", "--print-config", "--help", "--version");
    for (Key key : Key.ALL) {
      assertThat(result.out()).contains(key.name()).contains(key.meaning());
    }
  }

  @Test
  void versionNamesProductAndJvm() {
    Program.Result result = Program.run("--version");

    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).startsWith("Pushwire ").contains("JVM " + Runtime.version());
  }

  @Test
  void wrongOptionsAreExplained() {
    Program.Result unknown = Program.run("--prot=1");
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err()).contains("Unknown option: '--prot=1'");
    Program.Result novalue = Program.run("--set", "server.port");
    assertThat(novalue.exitCode()).isEqualTo(2);
    assertThat(novalue.err()).contains("--set").contains("key=value");
    Program.Result surplus = Program.run("server.port=1");
    assertThat(surplus.exitCode()).isEqualTo(2);
    assertThat(surplus.err()).contains("server.port=1");
  }

  @Test
  void wrongSettingsAreReportedAllAtOnce() throws IOException {
    Path file = folder.resolve("a.properties");
    Files.writeString(file, "server.prot=1\nmessage.max-size=0\n");

    Program.Result result =
        Program.run(
            Map.of("PUSHWIRE_INBOUND_RATE", "many", "PUSHWIRE_OTHER", "1"),
            "--config",
            file.toString(),
            "--set",
            "auth=oauth");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .contains("Environment variable PUSHWIRE_OTHER stands for no key and is ignored")
        .contains("server.prot: there is no such key (from file " + file + "); did you mean")
        .contains("message.max-size = '0': expected a size from 1 to")
        .contains("inbound.rate = 'many': expected a whole number")
        .contains("(from environment variable PUSHWIRE_INBOUND_RATE)")
        .contains("auth = 'oauth': expected one of none, jwt")
        .doesNotContain("\tat ");
  }

  @Test
  void aMissingFileIsSaid() {
    Program.Result result = Program.run("--config", folder.resolve("no.properties").toString());

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("no.properties: there is no such file");
  }

  @Test
  void aMissingDriverIsSaid() {
    Program.Result result = Program.run("--set", "driver=carrier-pigeon", "--set", "server.port=0");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("carrier-pigeon").contains("(from command line)");
  }

  @Test
  void printConfigShowsWhatIsInForce() throws IOException {
    Path file = folder.resolve("a.properties");
    Files.writeString(file, "driver.redis-queue.uri=redis://u:hidden@h\nserver.port=1\n");

    Program.Result result =
        Program.run(
            Map.of("PUSHWIRE_SERVER_PORT", "2"),
            "--config",
            file.toString(),
            "--set=node.id=a",
            "--print-config");

    assertThat(result.exitCode()).isZero();
    assertThat(result.out().replaceAll(" +", " "))
        .contains("server.port = 2 # environment variable PUSHWIRE_SERVER_PORT\n")
        .contains("node.id = a # command line\n")
        .contains("driver = memory # default\n")
        .contains("driver.redis-queue.uri = redis://***@h # file " + file + "\n")
        .doesNotContain("hidden");
  }

  @Test
  void aPortInUseIsOneClearLine() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Program.Result result = Program.run("--set", "server.port=" + taken.getLocalPort());

      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.err())
          .contains("127.0.0.1:" + taken.getLocalPort() + " cannot be listened on")
          .contains("Address already in use")
          .contains("--set server.port=")
          .doesNotContain("\tat ");
    }
  }

  @Test
  void aBrokerThatIsAwayIsOneClearLine() {
    Program.Result result = Program.run("--set", "driver=moody", "--set", "driver.moody.away=true");

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("moody://broker cannot be reached").doesNotContain("\tat ");
  }

  @Test
  void aLazyServerStartsWithoutItsBroker() throws Exception {
    try (Program program =
        Program.start(
            Map.of("PUSHWIRE_DRIVER_MOODY_AWAY", "true", "PUSHWIRE_DRIVER_LAZY", "true"),
            "--set=driver=moody",
            "--set=server.port=0")) {
      program.port();
      program.signal("TERM");
      assertThat(program.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(program.process().exitValue()).isZero();
    }
  }

  @Test
  void sigtermDrainsAndEndsWithZero() throws Exception {
    try (Program program = Program.start(Map.of(), "--set", "server.port=0")) {
      int port = program.port();
      assertThat(program.err()).contains("Pushwire ", "driver memory", "node ");
      RawWebSocket client = RawWebSocket.open(port, "/ws?user=1");
      program.signal("TERM");

      RawWebSocket.Frame frame = client.next();
      assertThat(frame.closeCode()).isEqualTo(1012);
      client.send(RawWebSocket.CLOSE, frame.payload());
      client.close();
      assertThat(program.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(program.process().exitValue()).isZero();
    }
  }

  @Test
  void aSecondSignalEndsAtOnce() throws Exception {
    try (Program program =
        Program.start(Map.of(), "--set", "server.port=0", "--set", "server.drain-timeout=10 min")) {
      int port = program.port();
      // a client that never answers the close
      try (RawWebSocket client = RawWebSocket.open(port, "/ws?user=1")) {
        program.signal("TERM");
        program.awaitErr("SIGTERM");
        program.signal("TERM");

        assertThat(program.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(program.process().exitValue()).isNotZero();
        client.hangUp();
      }
    }
  }
}
