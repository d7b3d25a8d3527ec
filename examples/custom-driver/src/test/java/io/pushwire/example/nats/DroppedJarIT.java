package io.pushwire.example.nats;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushwire.testkit.ServerProcess;
import io.pushwire.testkit.WebSocketClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server as it is downloaded; the driver's jar in its folder, and named in one line. */
class DroppedJarIT {
  @Test
  void twoStockServersAreJoinedByIt(@TempDir Path home) throws IOException {
    ServerProcess.unpack(Path.of(System.getProperty("pushwire.distribution")), home);
    Path jar = Path.of(System.getProperty("driver.jar"));
    Files.copy(jar, home.resolve("drivers").resolve(jar.getFileName()));
    try (NatsServer nats = new NatsServer();
        ServerProcess a = start(home, nats);
        ServerProcess b = start(home, nats);
        WebSocketClient anna = a.open("?user=anna&topic=orders");
        WebSocketClient bert = b.open("?user=bert")) {
      assertThat(b.post("{\"to\":{\"user\":\"anna\"},\"text\":\"to a user of the other\"}"))
          .startsWith("202 ")
          .contains("\"status\":\"accepted\"");
      assertThat(anna.next()).isEqualTo("to a user of the other");
      b.post("{\"to\":{\"topic\":\"orders\"},\"base64\":\"AP8=\"}");
      assertThat(anna.next()).isEqualTo(new byte[] {0, (byte) 0xFF});
      a.post("{\"to\":{\"everyone\":true},\"text\":\"to all\"}");
      assertThat(anna.next()).isEqualTo("to all");
      assertThat(bert.next()).isEqualTo("to all");
    }
  }

  private static ServerProcess start(Path home, NatsServer nats) {
    return ServerProcess.start(home, "--set=driver=nats", "--set=driver.nats.uri=" + nats.uri());
  }
}
