package io.pushwire.driver.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pushwire.api.NodeId;
import io.pushwire.api.NodeInfo;
import io.pushwire.api.PushwireException;
import io.pushwire.api.RefusedException;
import io.pushwire.api.Target;
import io.pushwire.core.Settings;
import io.pushwire.testkit.Peer;
import io.pushwire.testkit.RabbitMqServer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** How the driver finds its broker, and what it says if it does not. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConnectIT {
  @TempDir static Path directory;
  private RabbitMqServer server;

  @BeforeAll
  void start() throws Exception {
    Path certificate = directory.resolve("cert.pem");
    Path key = directory.resolve("key.pem");
    Process openssl =
        new ProcessBuilder(
                ("openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext"
                        + " subjectAltName=DNS:localhost -keyout "
                        + key
                        + " -out "
                        + certificate)
                    .split(" "))
            .redirectErrorStream(true)
            .start();
    String printed = new String(openssl.getInputStream().readAllBytes());
    assertThat(openssl.waitFor()).as(printed).isZero();
    server =
        RabbitMqServer.openTls(
            "ssl_options.cacertfile = " + certificate,
            "ssl_options.certfile = " + certificate,
            "ssl_options.keyfile = " + key,
            "ssl_options.verify = verify_none");
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void speaksTlsWithABrokerWhoseAuthorityItTrusts() {
    assertWorks(
        "uri",
        "amqps://localhost:" + server.tlsPort(),
        "tls.ca",
        directory.resolve("cert.pem").toString());
  }

  @Test
  void refusesABrokerWhoseAuthorityItDoesNotKnow() {
    assertThatThrownBy(() -> open("uri", "amqps://localhost:" + server.tlsPort()))
        .isInstanceOf(PushwireException.class)
        .hasMessageContaining("certification path");
  }

  @Test
  void refusesABrokerThatHasAnotherName() {
    assertThatThrownBy(
            () ->
                open(
                    "uri",
                    "amqps://127.0.0.1:" + server.tlsPort(),
                    "tls.ca",
                    directory.resolve("cert.pem").toString()))
        .isInstanceOf(PushwireException.class)
        .hasMessageContaining("127.0.0.1");
  }

  @Test
  void takesTheAddressThatAnswers() {
    for (int i = 0; i < 4; i++) {
      assertWorks("uri", "amqp://guest:guest@127.0.0.1:1,127.0.0.1:" + server.port());
    }
  }

  @Test
  void usesAVirtualHost() {
    server.eval(
        "rabbit_vhost:add(<<\"a/b\">>, <<\"kit\">>), rabbit_auth_backend_internal:set_permissions("
            + "<<\"guest\">>, <<\"a/b\">>, <<\".*\">>, <<\".*\">>, <<\".*\">>, <<\"kit\">>)");
    assertWorks("uri", "amqp://guest:guest@localhost:" + server.port() + "/a%2Fb", "prefix", "v.");
    assertThat(server.eval("io:format(\"~p\", [rabbit_exchange:list(<<\"a/b\">>)])"))
        .contains("v.all");
    assertThat(server.eval("io:format(\"~p\", [rabbit_exchange:list(<<\"/\">>)])"))
        .doesNotContain("v.all");
  }

  @Test
  void saysThatThePasswordIsWrong() {
    assertThatThrownBy(() -> open("uri", "amqp://guest:wrong@localhost:" + server.port()))
        .isInstanceOf(PushwireException.class)
        .hasMessageContaining("refuses user 'guest'")
        .hasMessageNotContaining("wrong");
  }

  @Test
  void saysThatTheVirtualHostIsNotThere() {
    assertThatThrownBy(() -> open("uri", "amqp://localhost:" + server.port() + "/nowhere"))
        .isInstanceOf(PushwireException.class)
        .hasMessageContaining("nowhere");
  }

  @Test
  void needsNoRightToConfigureWhatIsThereAlready() {
    try (Peer first = open("uri", server.uri())) {
      first.subscribe(Target.everyone());
    }
    server.eval(
        "rabbit_auth_backend_internal:add_user(<<\"app\">>, <<\"app\">>, <<\"kit\">>),"
            + " rabbit_auth_backend_internal:set_permissions(<<\"app\">>, <<\"/\">>,"
            + " <<\"^pw\\\\.n\\\\.\">>, <<\".*\">>, <<\".*\">>, <<\"kit\">>)");
    assertWorks("uri", "amqp://app:app@localhost:" + server.port());
    assertThatThrownBy(
            () -> open("uri", "amqp://app:app@localhost:" + server.port(), "prefix", "new."))
        .isInstanceOf(PushwireException.class)
        .hasMessageContaining("'new.'")
        .hasMessageContaining("ACCESS_REFUSED");
  }

  @Test
  void saysThatSubscribingIsRefused() {
    server.eval(
        "rabbit_auth_backend_internal:add_user(<<\"deaf\">>, <<\"deaf\">>, <<\"kit\">>),"
            + " rabbit_auth_backend_internal:set_permissions(<<\"deaf\">>, <<\"/\">>,"
            + " <<\".*\">>, <<\".*\">>, <<\"^pw\\\\.(n|key)|^ws\">>, <<\"kit\">>)");
    try (Peer peer = open("uri", "amqp://deaf:deaf@localhost:" + server.port())) {
      peer.subscribe(Target.topic("t"));
      assertThatThrownBy(() -> peer.subscribe(Target.user("42")))
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining("pw.all");
      peer.subscribe(Target.topic("u"));
    }
    server.eval(
        "rabbit_auth_backend_internal:set_permissions(<<\"deaf\">>, <<\"/\">>,"
            + " <<\".*\">>, <<\".*\">>, <<\"^pw\\\\.n\\\\.|^ws\">>, <<\"kit\">>)");
    assertThatThrownBy(() -> open("uri", "amqp://deaf:deaf@localhost:" + server.port()))
        .isInstanceOf(PushwireException.class)
        .hasMessageContaining("ACCESS_REFUSED");
  }

  private static void assertWorks(String... settings) {
    try (Peer peer = open(settings)) {
      peer.subscribe(Target.user("42"));
      peer.send(Target.user("42"), "hello");
      peer.await(Target.user("42"), 1);
    }
  }

  private static Peer open(String... settings) {
    Map<String, String> all = new HashMap<>();
    for (int i = 0; i < settings.length; i += 2) {
      all.put(settings[i], settings[i + 1]);
    }
    NodeInfo self = NodeInfo.of(new NodeId("a"), System.nanoTime());
    return new Peer(new RabbitMqDriverProvider(), self, Settings.of(all));
  }
}
