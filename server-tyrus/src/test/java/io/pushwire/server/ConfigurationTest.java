package io.pushwire.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pushwire.api.ConfigurationException;
import io.pushwire.core.NodeConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTest {
  private final Map<String, String> file = new HashMap<>();
  private final Map<String, String> environment = new HashMap<>();
  private final Map<String, String> system = new HashMap<>();
  private final Map<String, String> commandLine = new HashMap<>();

  @Test
  void laterSourcesOverrideEarlierOnes() {
    assertThat(config().port()).isEqualTo(8080);
    file.put("server.port", "1");
    assertThat(config().port()).isEqualTo(1);
    environment.put("PUSHWIRE_SERVER_PORT", "2");
    assertThat(config().port()).isEqualTo(2);
    system.put("pushwire.server.port", "3");
    assertThat(config().port()).isEqualTo(3);
    commandLine.put("server.port", "4");
    assertThat(config().port()).isEqualTo(4);
  }

  @Test
  void theServersOwnDefaultIsTheMemoryDriver() {
    assertThat(config().node().driver()).contains("memory");
  }

  @Test
  void theDefaultsInTheTableAreTheOnesThatAreRead() {
    ServerConfig config = ServerConfig.of(Map.of("node.id", "n"));

    assertThat(config.host().getHostAddress()).isEqualTo("127.0.0.1");
    assertThat(config.drainTimeout()).hasSeconds(10);
    assertThat(config.limits().connections()).isEqualTo(100_000);
    assertThat(config.limits().perUser()).isEqualTo(64);
    assertThat(config.limits().perAddress()).isEqualTo(100_000);
    assertThat(config.limits().handshakesPerSecond()).isEqualTo(2000);
    assertThat(config.inbound()).isEqualTo(InboundMode.IGNORE);
    assertThat(config.inboundRate()).isEqualTo(10);
    assertThat(config.outboxLimit()).isEqualTo(1 << 20);
    assertThat(config.slowClient().name()).isEqualTo("CLOSE");
    assertThat(config.node().maxPayloadSize()).isEqualTo(NodeConfig.DEFAULT_MAX_PAYLOAD_SIZE);
    assertThat(config.node().lazy()).isFalse();
    assertThat(config.access().name()).isEqualTo("none");
    assertThat(config.access().anyHost()).isFalse();
    assertThat(config.access().apiKey()).isEmpty();
  }

  @Test
  void driversReadTheirKeysFromEverySource() {
    file.put("driver.redis-queue.max-length", "5");
    environment.put("PUSHWIRE_DRIVER_REDIS_QUEUE_TTL", "1 h");
    var reader = config().settings().below("driver").below("redis-queue").reader();

    assertThat(reader.text("max-length")).contains("5");
    assertThat(reader.text("ttl")).contains("1 h");
  }

  @Test
  void valuesAreTakenAsTheyStand() {
    file.put("driver.redis-queue.uri", "redis://:p${a}$b%20@h");

    assertThat(config().settings().below("driver").below("redis-queue").reader().text("uri"))
        .contains("redis://:p${a}$b%20@h");
  }

  @Test
  void allProblemsAreReportedAtOnceWithTheirSource() {
    file.put("server.prt", "1");
    file.put("message.max-size", "much");
    environment.put("PUSHWIRE_SERVER_PORT", "99999");
    system.put("pushwire.connection.slow-client", "kill");
    commandLine.put("node.id", "a b");
    commandLine.put("auth", "oauth");

    assertThat(problems())
        .containsExactlyInAnyOrder(
            "server.prt: there is no such key (from file x.properties); did you mean server.port?",
            "message.max-size = 'much': expected a size from 1 to 67108864 bytes, such as 4096,"
                + " 256 KiB, 1 MiB (from file x.properties)",
            "server.port = '99999': expected a whole number from 0 to 65535"
                + " (from environment variable PUSHWIRE_SERVER_PORT)",
            "connection.slow-client = 'kill': expected one of close, drop-oldest"
                + " (from system property pushwire.connection.slow-client)",
            "node.id = 'a b': expected 1 to 64 of A-Z, a-z, 0-9, _ and - (from command line)",
            "auth = 'oauth': expected one of none, jwt (from command line)");
  }

  @Test
  void unknownKeysAreProblemsInEverySourceButTheEnvironment() {
    file.put("pushwire.server.port", "1");
    system.put("pushwire.inbuond", "ignore");
    commandLine.put("aip.kye", "very secret");
    environment.put("PUSHWIRE_PORT_8080_TCP_ADDR", "10.0.0.1");

    assertThat(problems())
        .containsExactlyInAnyOrder(
            "pushwire.server.port: there is no such key (from file x.properties);"
                + " did you mean server.port?",
            "inbuond: there is no such key (from system property); did you mean inbound?",
            "aip.kye: there is no such key (from command line); --help lists all");
    assertThat(configuration().warnings())
        .containsExactly(
            "Environment variable PUSHWIRE_PORT_8080_TCP_ADDR stands for no key and is ignored");
  }

  @Test
  void aServiceLinkOfTheOrchestratorIsNoPort() {
    environment.put("PUSHWIRE_SERVER_PORT", "tcp://10.0.0.1:8080");

    assertThat(config().port()).isEqualTo(8080);
    assertThat(configuration().warnings()).singleElement().asString().contains("service link");
  }

  @Test
  void withoutAuthTheServerStaysOnLoopback() {
    commandLine.put("server.host", "0.0.0.0");

    assertThat(problems())
        .containsExactly(
            "server.host: 0.0.0.0 is not a loopback address, and with auth=none whoever reaches it"
                + " can be any user. Expected: server.host=127.0.0.1, or auth=jwt, or"
                + " auth.insecure=true if that is what you want (from command line)");

    commandLine.put("auth.insecure", "true");
    assertThat(config().access().anyHost()).isTrue();
    commandLine.put("server.host", "::1");
    assertThat(config().access().anyHost()).isFalse();
  }

  @Test
  void tokensNeedExactlyOneKey() {
    commandLine.put("auth", "jwt");
    assertThat(problems())
        .containsExactly(
            "auth: jwt needs a key to check tokens with: set one of auth.jwt.secret,"
                + " auth.jwt.public-key, auth.jwt.jwks-uri (from command line)");

    file.put("auth.jwt.secret", "0123456789abcdef0123456789abcdef");
    assertThat(config().access().name()).isEqualTo("jwt");

    file.put("auth.jwt.jwks-uri", "https://id.example.org/keys");
    assertThat(problems())
        .containsExactly(
            "auth: jwt takes one key, but there are auth.jwt.secret and auth.jwt.jwks-uri: keep the"
                + " one that your tokens are signed for (from command line)");
  }

  @Test
  void aShortSecretIsRefusedAndNotShown() {
    commandLine.put("auth", "jwt");
    file.put("auth.jwt.secret", "0123456789abcdef0123456789abcde");

    assertThat(problems())
        .containsExactly(
            "auth.jwt.secret: is too short: HS256 needs 32 bytes or more. This makes one:"
                + " openssl rand -hex 32 (from file x.properties)");
  }

  @Test
  void aKeyFileSaysWhatIsWrongWithIt(@TempDir Path folder) throws IOException {
    commandLine.put("auth", "jwt");
    Path key = folder.resolve("key.pem");
    commandLine.put("auth.jwt.public-key", key.toString());
    assertThat(problems())
        .containsExactly(
            "auth.jwt.public-key: the file "
                + key
                + " cannot be read (NoSuchFileException) (from command line)");

    Files.writeString(key, Tokens.pem(Tokens.rsa(2048).getPublic()).replace("PUBLIC", "PRIVATE"));
    assertThat(problems())
        .singleElement()
        .asString()
        .contains("has no '-----BEGIN PUBLIC KEY-----'", "openssl pkey", "openssl x509");

    Files.writeString(key, "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n");
    assertThat(problems()).singleElement().asString().contains("neither an RSA nor an EC key");

    for (PublicKey weak :
        List.of(Tokens.rsa(1024).getPublic(), Tokens.ec("secp384r1").getPublic())) {
      Files.writeString(key, Tokens.pem(weak));
      assertThat(problems()).singleElement().asString().contains("2048 bits", "P-256");
    }

    Files.writeString(key, "a comment\n" + Tokens.pem(Tokens.ec("secp256r1").getPublic()));
    assertThat(config().access().name()).isEqualTo("jwt");
  }

  @Test
  void keysAreFetchedWhereNobodyStandsBetween() {
    commandLine.put("auth", "jwt");
    for (String good :
        List.of("https://id.example.org/keys", "http://localhost:1/k", "http://127.0.0.1/k")) {
      file.put("auth.jwt.jwks-uri", good);
      assertThat(config().access().name()).isEqualTo("jwt");
    }
    for (String bad :
        List.of(
            "http://id.example.org/keys", "http://127.example.org/", "file:///etc/keys", "keys")) {
      file.put("auth.jwt.jwks-uri", bad);
      assertThat(problems())
          .containsExactly(
              "auth.jwt.jwks-uri = (not shown): expected an https:// address; http:// only on this"
                  + " machine, since whoever stands between could be any user"
                  + " (from file x.properties)");
    }
  }

  @Test
  void whatWouldDoNothingIsRefused() {
    file.put("auth.jwt.secret", "0123456789abcdef0123456789abcdef");
    file.put("auth.jwt.issuer", "me");
    file.put("server.trusted-proxies", "10.0.0.1");

    assertThat(problems())
        .containsExactlyInAnyOrder(
            "auth.jwt.secret: no token is asked for with auth=none. Set auth=jwt, or leave this key"
                + " out (from file x.properties)",
            "auth.jwt.issuer: no token is asked for with auth=none. Set auth=jwt, or leave this key"
                + " out (from file x.properties)",
            "server.trusted-proxies: with auth=none what comes through a proxy is refused. Set"
                + " auth=jwt, or leave this key out (from file x.properties)");

    file.put("auth", "jwt");
    file.put("auth.insecure", "true");
    assertThat(problems())
        .containsExactly(
            "auth.insecure: does nothing with auth=jwt. Leave it out (from file x.properties)");
  }

  @Test
  void offLoopbackTheApiNeedsItsKey() {
    file.put("auth", "jwt");
    file.put("auth.jwt.secret", "0123456789abcdef0123456789abcdef");
    file.put("server.host", "0.0.0.0");

    assertThat(problems())
        .containsExactly(
            "api.key: is needed, since server.host=0.0.0.0 is not a loopback address and whoever"
                + " reaches it could send to every user. This makes one: openssl rand -hex 32");

    file.put("api.key", "with a blank");
    assertThat(problems())
        .singleElement()
        .asString()
        .startsWith("api.key = (not shown): expected A-Z a-z 0-9")
        .doesNotContain("blank");

    file.put("api.key", "0123456789");
    assertThat(config().access().apiKey()).isPresent();
  }

  @Test
  void pagesAreInAFolder() {
    file.put("server.pages", "no-such-folder");
    assertThat(problems())
        .containsExactly(
            "server.pages = 'no-such-folder': expected a folder that is there and can be read; a path"
                + " that does not begin with / begins at "
                + Path.of("").toAbsolutePath()
                + " (from file x.properties)");

    file.put("server.pages", "src");
    assertThat(config().pages()).isPresent();
  }

  @Test
  void originsAndProxiesHaveAForm() {
    file.put("auth", "jwt");
    file.put("auth.jwt.secret", "0123456789abcdef0123456789abcdef");
    for (String bad :
        List.of(
            "example.org", "https://example.org/", "ftp://example.org", "https://*.example.org")) {
      file.put("server.origins", "https://example.com," + bad);
      assertThat(problems()).singleElement().asString().contains("server.origins = '", bad);
    }
    file.put("server.origins", "*");
    for (String bad :
        List.of("proxy.example.org", "10.0.0.0/33", "10.0.0.0/x", "1.2.3", "::1/129")) {
      file.put("server.trusted-proxies", "10.0.0.1," + bad);
      assertThat(problems()).singleElement().asString().contains("server.trusted-proxies = '", bad);
    }
    file.put("server.trusted-proxies", "10.0.0.1, 192.168.0.0/16,2001:db8::/32,::1");
    assertThat(config().access().origins().allowAny()).isTrue();
  }

  @Test
  void everyPageMayOnlyCallWhereATokenIsShown() {
    file.put("server.origins", "*");

    assertThat(problems())
        .containsExactly(
            "server.origins: with * and auth=none every page that somebody opens on this machine"
                + " could be any user. List the pages, or set auth=jwt (from file x.properties)");
  }

  @Test
  void printsWhatIsInForceAndWhereItCameFrom() {
    file.put("inbound", "everyone");
    environment.put("PUSHWIRE_DRIVER_LAZY", "true");
    system.put("pushwire.server.port", "9000");
    commandLine.put("node.id", "a");

    assertThat(lines())
        .contains(
            "server.host = 127.0.0.1 # default",
            "inbound = everyone # file x.properties",
            "driver.lazy = true # environment variable PUSHWIRE_DRIVER_LAZY",
            "server.port = 9000 # system property pushwire.server.port",
            "node.id = a # command line");
  }

  @Test
  void printsNoSecrets() {
    file.put("driver.redis-queue.uri", "redis://user:p@ss@host:6379/0?password=hidden&timeout=1s");
    file.put("driver.rabbitmq.password", "hidden");
    environment.put("PUSHWIRE_DRIVER_RABBITMQ_URI", "amqp://guest:hidden@broker/vhost");
    environment.put("PUSHWIRE_DRIVER_OTHER_TOKEN", "hidden");
    environment.put("PUSHWIRE_API_KEY", "hidden");
    file.put("auth.jwt.secret", "hidden");
    file.put("auth.jwt.jwks-uri", "https://me:hidden@id.example.org/keys?key=hidden");
    file.put("auth.jwt.public-key", "/etc/public.pem");

    assertThat(lines())
        .contains(
            "api.key = *** # environment variable PUSHWIRE_API_KEY",
            "auth.jwt.secret = *** # file x.properties",
            "auth.jwt.jwks-uri = https://***@id.example.org/keys?key=*** # file x.properties",
            "auth.jwt.public-key = /etc/public.pem # file x.properties",
            "driver.redis-queue.uri = redis://***@host:6379/0?password=***&timeout=1s"
                + " # file x.properties",
            "driver.rabbitmq.password = *** # file x.properties",
            "PUSHWIRE_DRIVER_RABBITMQ_URI = amqp://***@broker/vhost # environment variable",
            "PUSHWIRE_DRIVER_OTHER_TOKEN = *** # environment variable")
        .noneMatch(line -> line.contains("hidden"));
  }

  private Configuration configuration() {
    return new Configuration(file, "file x.properties", environment, system, commandLine);
  }

  private ServerConfig config() {
    Configuration configuration = configuration();
    return configuration.read(() -> ServerConfig.from(configuration.settings()));
  }

  private List<String> problems() {
    List<String> problems = new ArrayList<>();
    assertThatThrownBy(this::config)
        .isInstanceOfSatisfying(ConfigurationException.class, e -> problems.addAll(e.problems()))
        .extracting(Throwable::getMessage)
        .isNotNull();
    return problems;
  }

  private List<String> lines() {
    return configuration().lines().stream().map(line -> line.replaceAll(" +", " ")).toList();
  }
}
