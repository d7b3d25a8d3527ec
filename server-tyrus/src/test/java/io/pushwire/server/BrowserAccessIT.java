package io.pushwire.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushwire.test.Chromium;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who may connect, as a browser sees it: tokens by subprotocol, and pages of other sites. */
class BrowserAccessIT {
  private static Chromium chromium;
  private static TestServer server;
  private static TestServer otherSite;

  @BeforeAll
  static void start() {
    chromium = Chromium.start();
    chromium.driver().manage().timeouts().scriptTimeout(Duration.ofSeconds(20));
    otherSite = TestServer.start();
    server =
        TestServer.start("auth", "jwt", "auth.jwt.secret", Tokens.SECRET, "inbound", "everyone");
  }

  @AfterAll
  static void stop() {
    chromium.close();
    otherSite.close();
    server.close();
  }

  @Test
  void aTokenAsSubprotocolOpens() {
    on(server);
    assertThat(connect(server, "pushwire", "bearer." + Tokens.signed(Tokens.of("ann"))))
        .isEqualTo("open with pushwire, heard hello");
  }

  @Test
  void withoutATokenItIsNotOpened() {
    on(server);
    assertThat(connect(server)).isEqualTo("closed with 1006");
    assertThat(connect(server, "pushwire", "bearer.nonsense")).isEqualTo("closed with 1006");
  }

  @Test
  void thePageHearsThatItsTokenHasExpired() {
    on(server);
    String token = Tokens.signed(Tokens.of("ann").expirationTime(Tokens.in(2)));
    assertThat(
            chromium
                .driver()
                .executeAsyncScript(
                    """
                    const [url, protocols, done] = arguments;
                    new WebSocket(url, protocols).onclose = e => done(e.code);
                    """,
                    url(server),
                    new String[] {"pushwire", "bearer." + token}))
        .isEqualTo(4401L);
  }

  @Test
  void aPageOfAnotherSiteMayOnlyIfItIsListed() {
    on(otherSite);
    String token = "bearer." + Tokens.signed(Tokens.of("ann"));
    assertThat(connect(server, "pushwire", token)).isEqualTo("closed with 1006");
    try (TestServer listing =
        TestServer.start(
            "auth",
            "jwt",
            "auth.jwt.secret",
            Tokens.SECRET,
            "inbound",
            "everyone",
            "server.origins",
            "http://127.0.0.1:" + otherSite.port())) {
      assertThat(connect(listing, "pushwire", token)).isEqualTo("open with pushwire, heard hello");
    }
  }

  private static void on(TestServer site) {
    chromium.driver().get(site.uri("/health/live").toString());
  }

  private static String url(TestServer to) {
    return "ws://127.0.0.1:" + to.port() + "/ws";
  }

  /** Opens one, says hello, and waits for what comes back. */
  private static String connect(TestServer to, String... protocols) {
    return (String)
        chromium
            .driver()
            .executeAsyncScript(
                """
                const [url, protocols, done] = arguments;
                const socket = new WebSocket(url, protocols);
                socket.onopen = () => socket.send("hello");
                socket.onmessage = frame => {
                  done(`open with ${socket.protocol}, heard ${frame.data}`);
                  socket.close();
                };
                socket.onclose = e => done(`closed with ${e.code}`);
                """,
                url(to),
                protocols);
  }
}
