package io.pushwire.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the README says, done as it stands there. */
class ReadmeTest {
  private static final Pattern SHELL_BLOCK = Pattern.compile("(?s)```sh\n(.*?)```");

  @Test
  void theTokenMadeByAShellOpensAWebSocket() throws Exception {
    String token = shell(blockWith("token() {"), "PUSHWIRE_AUTH_JWT_SECRET", Tokens.SECRET).strip();
    try (TestServer server = TestServer.start("auth", "jwt", "auth.jwt.secret", Tokens.SECRET);
        RawWebSocket client = server.open("?topic=orders&topic=news.eu&token=" + token)) {
      server.post("/v1/messages", "{\"to\":{\"user\":\"42\"},\"text\":\"hello\"}");
      assertThat(client.next().text()).isEqualTo("hello");
    }
  }

  @Test
  void everyKeyHasItsLine() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    List<String> table = readme.lines().filter(line -> line.startsWith("| `")).toList();

    assertThat(Key.ALL)
        .allSatisfy(
            key -> assertThat(table).anyMatch(line -> line.contains("`" + key.name() + "`")));
  }

  private static String blockWith(String text) throws IOException {
    Matcher block = SHELL_BLOCK.matcher(Files.readString(Path.of("README.md")));
    while (block.find()) {
      if (block.group(1).contains(text)) {
        return block.group(1);
      }
    }
    throw new IllegalStateException("The README has no block with " + text);
  }

  private static String shell(String script, String variable, String value) throws Exception {
    ProcessBuilder builder = new ProcessBuilder("sh", "-c", script).redirectErrorStream(true);
    builder.environment().put(variable, value);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }
}
