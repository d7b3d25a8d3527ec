package io.pushwire.driver.redispubsub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisURI;
import io.pushwire.api.ConfigurationException;
import io.pushwire.api.Target;
import io.pushwire.core.Settings;
import io.pushwire.driver.redis.RedisUris;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisPubSubConfigTest {
  @Test
  void needsNoSettings() {
    RedisPubSubConfig config = config(Map.of());
    assertThat(config.servers().uris())
        .extracting(RedisUris::shown)
        .containsExactly("redis://127.0.0.1:6379");
    assertThat(config.ingress().channels(Target.topic("t"))).containsExactly("pub.t");
    assertThat(config.names().of(Target.user("42"))).isEqualTo("pw:u:42");
  }

  @Test
  void showsNoPassword() {
    RedisPubSubConfig config = config(Map.of("uri", "rediss://app:s3cret@redis.example:6380"));
    assertThat(config.servers().uris())
        .extracting(RedisUris::shown)
        .containsExactly("rediss://redis.example:6380");
    assertThat(config.toString()).doesNotContain("s3cret");
  }

  @Test
  void takesSeveralNodesOfACluster() {
    RedisPubSubConfig config = config(Map.of("uri", "rediss://u:p@a:7000,b:7001,c"));
    assertThat(config.servers().uris())
        .extracting(RedisUris::shown)
        .containsExactly("rediss://a:7000", "rediss://b:7001", "rediss://c:6379");
    assertThat(config.servers().uris()).allMatch(RedisURI::isSsl);
  }

  @Test
  void takesSentinels() {
    RedisPubSubConfig config =
        config(Map.of("uri", "redis-sentinel://:pw@a:26379,b?sentinelMasterId=main"));
    assertThat(config.servers().uris())
        .extracting(RedisUris::shown)
        .containsExactly("redis-sentinel://a:26379,b:26379?sentinelMasterId=main");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "http://localhost",
        "redis-sentinel://s3cret@a",
        "redis://:s3cret@:99999999",
        "redis:// s3cret"
      })
  void saysHowAUriLooksWithoutShowingThisOne(String uri) {
    assertThatThrownBy(() -> config(Map.of("uri", uri)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("driver.redis-pubsub.uri")
        .hasMessageContaining("redis-sentinel://host")
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void reportsAllProblemsAtOnce() {
    assertThatThrownBy(
            () ->
                config(
                    Map.of(
                        "ingress", "pub.{topic}=user",
                        "publish-timeout", "soon",
                        "tls.ca", "/no/such/file.pem",
                        "tls.certificate", "/no/such/cert.pem",
                        "colour", "blue")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("driver.redis-pubsub.ingress: 'pub.{topic}=user': a source with")
        .hasMessageContaining("driver.redis-pubsub.publish-timeout = 'soon'")
        .hasMessageContaining("/no/such/file.pem cannot be read")
        .hasMessageContaining("belong together")
        .hasMessageContaining("driver.redis-pubsub.colour: unknown");
  }

  @Test
  void ingressCanBeSwitchedOff() {
    RedisPubSubConfig config = config(Map.of("ingress", "none"));
    assertThat(config.ingress().channels(Target.topic("t"))).isEmpty();
  }

  private static RedisPubSubConfig config(Map<String, String> values) {
    Map<String, String> full = new java.util.HashMap<>();
    values.forEach((key, value) -> full.put("driver.redis-pubsub." + key, value));
    return RedisPubSubConfig.from(Settings.of(full).below("driver").below("redis-pubsub"));
  }
}
