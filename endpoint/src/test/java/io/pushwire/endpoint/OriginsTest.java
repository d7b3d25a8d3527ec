package io.pushwire.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OriginsTest {
  @ParameterizedTest
  @CsvSource({
    "http://example.org, example.org, true",
    "https://example.org, example.org, true",
    "https://example.org, example.org:443, true",
    "http://example.org:80, example.org, true",
    "http://EXAMPLE.org:8080, example.org:8080, true",
    "http://[::1]:8080, [::1]:8080, true",
    "http://example.org:8080, example.org, false",
    "http://example.org.evil.example, example.org, false",
    "http://evil.example/example.org, example.org, false",
    "http://user@example.org, example.org, false",
    "null, example.org, false",
    "example.org, example.org, false",
    "http://, example.org, false",
    "' ', example.org, false",
  })
  void sameHost(String origin, String host, boolean allowed) {
    assertThat(Origins.sameHost().allow(handshake(Map.of("Origin", origin, "Host", host))))
        .isEqualTo(allowed);
  }

  @Test
  void withoutAnOriginItIsNoBrowser() {
    assertThat(Origins.sameHost().allow(handshake(Map.of("Host", "example.org")))).isTrue();
    assertThat(Origins.listed(Set.of("https://a.example")).allow((String) null)).isTrue();
  }

  @Test
  void aListIsTheWholeList() {
    Origins listed = Origins.listed(Set.of("https://A.example"));
    assertThat(listed.allow("https://a.example")).isTrue();
    assertThat(listed.allow("http://a.example")).isFalse();
    assertThat(listed.allow("null")).isFalse();
    assertThat(Origins.listed(Set.of("*")).allow("https://any.example")).isTrue();
  }

  private static Handshake handshake(Map<String, String> headers) {
    Map<String, List<String>> all = new HashMap<>();
    headers.forEach((name, value) -> all.put(name, List.of(value)));
    return new Handshake(all, Map.of(), null);
  }
}
