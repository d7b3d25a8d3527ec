package io.pushwire.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code server.pages}: a folder that whoever runs the server has filled. */
class OwnPagesTest {
  @TempDir private Path home;
  private Path folder;
  private TestServer server;

  @BeforeEach
  void start() throws IOException {
    folder = Files.createDirectories(home.resolve("pages/sub")).getParent();
    write("chat.html", "<p>chat</p>");
    write("sub/index.html", "<p>sub</p>");
    write("photo.jpg", "a photo");
    write("notes.txt", "not for browsers");
    write(".hidden.html", "nor this");
    Files.writeString(home.resolve("outside.html"), "secret");
    server = TestServer.start("server.pages", folder.toString());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  @ParameterizedTest
  @CsvSource({
    "/chat.html, <p>chat</p>, text/html; charset=utf-8",
    "/sub/,      <p>sub</p>,  text/html; charset=utf-8",
    "/photo.jpg, a photo,     image/jpeg"
  })
  void filesHaveTheirTypeAndAStrictPolicy(String path, String body, String type) {
    HttpResponse<String> response = server.get(path);

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo(body);
    assertThat(response.headers().firstValue("content-type")).contains(type);
    assertThat(response.headers().firstValue("x-content-type-options")).contains("nosniff");
    assertThat(response.headers().firstValue("content-security-policy").orElseThrow())
        .contains(
            "default-src 'none'",
            "script-src 'self'",
            "manifest-src 'self'",
            "frame-ancestors 'none'")
        .doesNotContain("unsafe");
  }

  @Test
  void whatHasChangedIsServedAsItIsNow() throws IOException {
    String tag = tagOf("/chat.html");
    assertThat(conditional("/chat.html", tag).statusCode()).isEqualTo(304);

    write("chat.html", "<p>edited</p>");
    HttpResponse<String> changed = conditional("/chat.html", tag);
    assertThat(changed.statusCode()).isEqualTo(200);
    assertThat(changed.body()).isEqualTo("<p>edited</p>");
    write("new.html", "new");
    assertThat(server.get("/new.html").body()).isEqualTo("new");
    Files.delete(folder.resolve("new.html"));
    assertThat(server.get("/new.html").statusCode()).isEqualTo(404);
  }

  @Test
  void theyComeBeforeTheDemoPagesFilesAndAfterTheApi() throws IOException {
    assertThat(server.get("/").body()).contains("<title>Pushwire</title>");
    write("index.html", "mine");
    assertThat(server.get("/").body()).isEqualTo("mine");
    write("pushwire.js", "mine");
    assertThat(server.get("/pushwire.js").body()).contains("export class Connection");
    Files.createDirectories(folder.resolve("v1"));
    write("openapi.json", "mine");
    assertThat(server.get("/openapi.json").body()).contains("\"openapi\"");
  }

  @Test
  void theyWantNeitherTokenNorKey() {
    try (TestServer strict =
        TestServer.start(
            "server.pages",
            folder.toString(),
            "auth",
            "jwt",
            "auth.jwt.secret",
            Tokens.SECRET,
            "api.key",
            "key")) {
      assertThat(strict.get("/chat.html").body()).isEqualTo("<p>chat</p>");
      assertThat(strict.get("/pushwire.js").body()).contains("export class Connection");
      assertThat(strict.get("/v1/nodes").statusCode()).isEqualTo(401);
    }
  }

  @Test
  void linksAreFollowedWithinTheFolderOnly() throws IOException {
    Files.createSymbolicLink(folder.resolve("inside.html"), Path.of("sub/index.html"));
    Files.createSymbolicLink(folder.resolve("file.html"), home.resolve("outside.html"));
    Files.createSymbolicLink(folder.resolve("up"), home);
    Files.createSymbolicLink(folder.resolve("loop.html"), Path.of("loop.html"));

    assertThat(server.get("/inside.html").body()).isEqualTo("<p>sub</p>");
    for (String path : new String[] {"/file.html", "/up/outside.html", "/loop.html"}) {
      assertThat(server.get(path).statusCode()).as(path).isEqualTo(404);
    }
  }

  @Test
  void aLinkToAnotherReleaseIsSeen() throws IOException {
    Path current = Files.createSymbolicLink(home.resolve("current"), folder);
    Path next = Files.createDirectories(home.resolve("next"));
    Files.writeString(next.resolve("chat.html"), "next");
    try (TestServer linked = TestServer.start("server.pages", current.toString())) {
      assertThat(linked.get("/chat.html").body()).isEqualTo("<p>chat</p>");
      Files.delete(current);
      Files.createSymbolicLink(current, next);
      assertThat(linked.get("/chat.html").body()).isEqualTo("next");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/notes.txt",
        "/.hidden.html",
        "/sub",
        "/sub//index.html",
        "//chat.html",
        "/./chat.html",
        "/../outside.html",
        "/sub/../../outside.html",
        "/%2e%2e/outside.html",
        "/..%2foutside.html",
        "/sub/%2e%2e/chat.html",
        "/chat.html/index.html",
        "/chat.html%00.js"
      })
  void nothingElseIsServed(String path) {
    assertThat(server.rawGet(path, "Host: localhost\r\n")).startsWith("HTTP/1.1 404 ");
  }

  @Test
  void aPathOfManyPartsIsOneLikeOthers() {
    String path = "/" + "a/".repeat(4000) + "b.html";
    assertThat(server.rawGet(path, "Host: localhost\r\n")).startsWith("HTTP/1.1 404 ");
  }

  @Test
  void aFileOfTheSameAgeAndSizeIsAnotherOne() throws IOException {
    FileTime epoch = FileTime.from(Instant.EPOCH);
    Path served = folder.resolve("chat.html");
    Files.setLastModifiedTime(served, epoch);
    assertThat(server.get("/chat.html").body()).isEqualTo("<p>chat</p>");

    Path next = Files.writeString(home.resolve("next.html"), "<p>next</p>");
    Files.setLastModifiedTime(next, epoch);
    Files.move(next, served, StandardCopyOption.ATOMIC_MOVE);
    assertThat(server.get("/chat.html").body()).isEqualTo("<p>next</p>");
  }

  @Test
  void aFileThatChangesTwiceAtOnceIsServedAsItIs() throws IOException {
    Path served = folder.resolve("chat.html");
    FileTime now = FileTime.from(Instant.now());
    Files.setLastModifiedTime(served, now);
    assertThat(server.get("/chat.html").body()).isEqualTo("<p>chat</p>");

    write("chat.html", "<p>soon</p>");
    Files.setLastModifiedTime(served, now); // as by a clock that ticks seldom
    assertThat(server.get("/chat.html").body()).isEqualTo("<p>soon</p>");
  }

  @Test
  void whatIsTooLargeSaysSo() throws IOException {
    Files.write(folder.resolve("large.png"), new byte[(8 << 20) + 1]);
    Files.write(folder.resolve("largest.png"), new byte[8 << 20]);

    assertThat(server.get("/large.png").statusCode()).isEqualTo(404);
    assertThat(server.get("/large.png").body()).contains("larger than the 8 MiB");
    assertThat(server.get("/largest.png").statusCode()).isEqualTo(200);
  }

  @Test
  void onlyGetAndHeadReach() {
    assertThat(server.call("POST", "/chat.html").statusCode()).isEqualTo(404);
    String head =
        server.raw("HEAD /chat.html HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    assertThat(head).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\n");
    assertThat(head).containsIgnoringCase("content-length: 11\r\n");
  }

  private String tagOf(String path) {
    return server.get(path).headers().firstValue("etag").orElseThrow();
  }

  private HttpResponse<String> conditional(String path, String tag) {
    return server.send(HttpRequest.newBuilder(server.uri(path)).header("If-None-Match", tag));
  }
}
