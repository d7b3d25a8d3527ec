package io.pushwire.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushwire.test.Chromium;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The script that any page may connect with, on sockets that close as the test wants them to. */
class ClientScriptIT {
  private static final List<String> NODES = List.of("ws://a/ws", "ws://b/ws");

  private static Chromium chromium;
  private static TestServer server;

  @BeforeAll
  static void start() {
    server = TestServer.start();
    chromium = Chromium.start();
  }

  @AfterAll
  static void stop() {
    chromium.close();
    server.close();
  }

  @BeforeEach
  void open() {
    chromium.freshTab();
    chromium.driver().get(server.uri("/openapi.json").toString());
  }

  @Test
  void waitsLongerAfterEachFailureButNotAfterADrain() {
    List<Long> delays = delays(1012, 1006, 1006, 1001, 1013, 1006, 1006, 1006, 1006);

    assertThat(delays.get(0)).isBetween(-20L, 1L);
    List<Long> longest =
        List.of(1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 30_000L, 30_000L, 30_000L);
    for (int i = 0; i < longest.size(); i++) {
      assertThat(delays.get(i + 1)).isBetween(longest.get(i) / 2 - 20, longest.get(i) + 1);
    }
    assertThat(delays(1012, 1006, 1006, 1001)).isNotEqualTo(delays.subList(0, 4));
  }

  @Test
  void goesOnWithTheNextNodeWhenOneGoesAway() {
    assertThat(dialled(NODES, null, 1001, 1006, 1012))
        .containsExactly("ws://a/ws", "ws://b/ws", "ws://a/ws", "ws://b/ws");
    assertThat(dialled("ws://a/ws", null, 1001, 1006))
        .containsExactly("ws://a/ws", "ws://a/ws", "ws://a/ws");
  }

  @Test
  void asksForATokenEachTime() {
    assertThat(dialled(NODES, List.of("t1", "t2"), 4401))
        .containsExactly("ws://a/ws pushwire bearer.t1", "ws://b/ws pushwire bearer.t2");
  }

  @Test
  void triesAgainWhileThereIsNoToken() {
    List<String> states = states(NODES, List.of("t1"), 4401, 0, 0);

    assertThat(states)
        .startsWith(
            "connecting ws://a/ws",
            "open ws://a/ws",
            "waiting ws://a/ws the token has expired",
            "connecting ws://b/ws",
            "waiting ws://b/ws there is no token",
            "connecting ws://a/ws");
  }

  @Test
  void staysAwayWhereComingBackMakesNoSense() {
    for (Map.Entry<Integer, String> end :
        Map.of(
                4403, "not allowed any more",
                4409, "closed by an API call",
                4401, "the token has expired")
            .entrySet()) {
      assertThat(states(NODES, null, end.getKey(), 0))
          .startsWith(
              "connecting ws://a/ws", "open ws://a/ws", "closed ws://a/ws " + end.getValue())
          .doesNotContain("connecting ws://b/ws");
    }
  }

  private static List<Long> delays(Integer... codes) {
    List<?> delays =
        (List<?>) chromium.run(ClientScriptIT.class, "delays.js", Arrays.asList(codes));
    return delays.stream().map(delay -> ((Number) delay).longValue()).toList();
  }

  private static List<String> dialled(
      Object where, @Nullable List<String> tokens, Integer... codes) {
    return texts(run(where, tokens, codes).get("dialled"));
  }

  private static List<String> states(
      Object where, @Nullable List<String> tokens, Integer... codes) {
    return texts(run(where, tokens, codes).get("states"));
  }

  private static Map<?, ?> run(Object where, @Nullable List<String> tokens, Integer... codes) {
    return (Map<?, ?>)
        chromium.run(ClientScriptIT.class, "client.js", where, Arrays.asList(codes), tokens);
  }

  private static List<String> texts(@Nullable Object list) {
    return ((List<?>) list).stream().map(Object::toString).toList();
  }
}
