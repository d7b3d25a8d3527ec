package io.pushwire.test;

import io.pushwire.testkit.BrokerProcess;
import io.pushwire.testkit.Script;
import io.pushwire.testkit.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The {@code web} folder of an example, served by PHP from a copy. */
public final class PhpSite implements AutoCloseable {
  private final Path folder;
  private final BrokerProcess php;

  private PhpSite(Path folder, BrokerProcess php) {
    this.folder = folder;
    this.php = php;
  }

  /**
   * @param folder where the copy goes to
   * @param environment of its scripts, as {@code NAME=value}
   * @return the site, which answers
   */
  public static PhpSite start(Path folder, String... environment) {
    Script.run(Path.of("."), Map.of(), "cp", "-R", "web", folder.toString());
    Path web = folder.resolve("web");
    return new PhpSite(
        web,
        new BrokerProcess(
            "env",
            "coreutils",
            port ->
                Stream.concat(
                        Arrays.stream(environment),
                        Stream.of("php", "-S", "127.0.0.1:" + port, "-t", web.toString()))
                    .toList()));
  }

  /**
   * Tells its pages which servers there are.
   *
   * @param servers in the order in which they are tried
   */
  public void knows(ServerProcess... servers) {
    String nodes =
        List.of(servers).stream()
            .map(server -> '"' + server.uri().getAuthority() + '"')
            .collect(Collectors.joining(",", "[", "]"));
    try {
      Files.writeString(folder.resolve("nodes.json"), nodes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @return what its pages begin with, without a slash at the end
   */
  public String origin() {
    return "http://127.0.0.1:" + php.port();
  }

  @Override
  public void close() {
    php.close();
  }
}
