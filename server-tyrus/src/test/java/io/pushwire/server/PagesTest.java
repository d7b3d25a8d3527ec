package io.pushwire.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files that browsers get. */
class PagesTest {
  private static TestServer server;

  @BeforeAll
  static void start() {
    server = TestServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "/probe.html,   text/html; charset=utf-8",
    "/sub/probe.js, text/javascript; charset=utf-8",
    "/pay/abc,      text/html; charset=utf-8",
    "/style.css,    text/css; charset=utf-8",
    "/favicon.svg,  image/svg+xml"
  })
  void filesHaveTheirTypeAndAStrictPolicy(String path, String type) {
    HttpResponse<String> response = server.get(path);

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).contains(type);
    assertThat(response.headers().firstValue("x-content-type-options")).contains("nosniff");
    assertThat(response.headers().firstValue("content-security-policy").orElseThrow())
        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
  }

  @Test
  void whatTheBrowserHasIsNotSentAgain() {
    String tag = server.get("/probe.html").headers().firstValue("etag").orElseThrow();

    HttpResponse<String> again =
        server.send(HttpRequest.newBuilder(server.uri("/probe.html")).header("If-None-Match", tag));
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
    assertThat(again.headers().firstValue("etag")).contains(tag);
  }

  @Test
  void headIsAnswered() {
    String head =
        server.raw("HEAD /probe.html HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

    assertThat(head).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\n");
    assertThat(head).containsIgnoringCase("content-length: 37\r\n");
    assertThat(server.call("POST", "/probe.html").headers().firstValue("allow"))
        .contains("GET, HEAD");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/probe.txt",
        "/sub",
        "/sub/",
        "/sub//probe.js",
        "//probe.html",
        "/./probe.html",
        "/sub/../probe.html",
        "/sub/%2e%2e/probe.html",
        "/../logback.xml",
        "/..%2fio/pushwire/server/contrast.js",
        "/%2e%2e/io/pushwire/server/contrast.js",
        "/probe.html%00.js",
        "/PROBE.HTML",
        "/.html"
      })
  void nothingElseIsServed(String path) {
    assertThat(server.rawGet(path, "Host: localhost\r\n")).startsWith("HTTP/1.1 404 ");
  }
}
