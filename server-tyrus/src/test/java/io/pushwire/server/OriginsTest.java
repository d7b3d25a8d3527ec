package io.pushwire.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code server.origins}: the pages that may connect. Without the key: {@link GuardTest}. */
class OriginsTest {
  private static TestServer server;

  @BeforeAll
  static void start() {
    server =
        TestServer.start(
            "server.origins", "http://localhost:5173, https://Shop.example.org,https://[::1]:444");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost:5173",
        "HTTP://LOCALHOST:5173",
        "https://shop.example.org",
        "https://shop.example.org:443",
        "https://[::1]:444"
      })
  void pagesOfTheListMayConnect(String origin) {
    server.open("", "Origin: " + origin + "\r\n").close();
    assertThat(server.rawGet("/v1/nodes", "Host: localhost\r\nOrigin: " + origin + "\r\n"))
        .startsWith("HTTP/1.1 200 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://shop.example.org",
        "https://shop.example.org:444",
        "https://shop.example.org.evil.example",
        "https://evil.example/https://shop.example.org",
        "https://shop.example.org/",
        "https://shop.example.org@evil.example",
        "https://x@shop.example.org",
        "null",
        "",
        "*",
        "file://",
        "http://127.0.0.1",
        "http://localhost",
        "http://localhost:5173\r\nOrigin: http://evil.example"
      })
  void allOthersAreRefusedThoseOfThisHostToo(String origin) {
    assertThat(server.refusal("", "Origin: " + origin + "\r\n"))
        .startsWith("HTTP/1.1 403 ")
        .contains("server.origins");
    assertThat(server.rawGet("/v1/nodes", "Host: localhost\r\nOrigin: " + origin + "\r\n"))
        .startsWith("HTTP/1.1 403 ");
  }

  @Test
  void whatIsNoBrowserSendsNoOriginAndIsNotConcerned() {
    server.open("").close();
  }

  @Test
  void aStarIsForAllWhereATokenIsShown() {
    try (TestServer all =
        TestServer.start("auth", "jwt", "auth.jwt.secret", Tokens.SECRET, "server.origins", "*")) {
      String query = "?token=" + Tokens.signed(Tokens.of("ann"));
      all.open(query, "Origin: https://example.com\r\n").close();
      all.open(query, "Origin: null\r\n").close();
      assertThat(all.refusal("", "Origin: https://example.com\r\n")).startsWith("HTTP/1.1 401 ");
    }
  }
}
