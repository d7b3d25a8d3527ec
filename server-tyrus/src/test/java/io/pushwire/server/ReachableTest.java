package io.pushwire.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReachableTest {
  /** A client that saw its handshake answered misses nothing that is published afterwards. */
  @Test
  void openMeansReachable() {
    try (TestServer server = TestServer.start()) {
      for (int i = 0; i < 1000; i++) {
        try (RawWebSocket client = server.open("?user=u" + i + "&topic=t" + i)) {
          String to = i % 2 == 0 ? "{\"user\":\"u" + i + "\"}" : "{\"topic\":\"t" + i + "\"}";
          var response = server.post("/v1/messages", "{\"to\":" + to + ",\"text\":\"" + i + "\"}");
          assertThat(response.statusCode()).isEqualTo(202);
          assertThat(client.next().text()).isEqualTo(String.valueOf(i));
        }
      }
    }
  }
}
