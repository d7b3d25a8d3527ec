package io.pushwire.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import io.pushwire.api.SendOptions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The forms of https://www.w3.org/TR/trace-context/. */
class TraceContextTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String PARENT = "00-" + TRACE + "-00f067aa0ba902b7-01";

  @Test
  void parentAndStateTravelAsTheyCame() {
    HttpHeaders headers =
        new DefaultHttpHeaders()
            .add("Traceparent", PARENT)
            .add("tracestate", "rojo=1")
            .add("tracestate", "congo=2");

    assertThat(copied(headers))
        .isEqualTo(Map.of("traceparent", PARENT, "tracestate", "rojo=1,congo=2"));
    assertThat(TraceContext.traceId(headers)).contains(TRACE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "01-" + TRACE + "-00f067aa0ba902b7-01",
        "01-" + TRACE + "-00f067aa0ba902b7-01-what-the-future-brings"
      })
  void aLaterVersionIsReadToo(String parent) {
    assertThat(copied(parent)).containsEntry("traceparent", parent);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        PARENT + "-more",
        PARENT + "\n",
        "ff-" + TRACE + "-00f067aa0ba902b7-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-" + TRACE + "-0000000000000000-01",
        "00-" + TRACE + "-00f067aa0ba902b7-0",
        "00-" + TRACE + "0-00f067aa0ba902b7-01"
      })
  void whatHasAnotherFormIsLeftBehind(String parent) {
    assertThat(copied(parent)).isEmpty();
  }

  @Test
  void twoParentsAreNone() {
    assertThat(
            copied(new DefaultHttpHeaders().add("traceparent", PARENT).add("traceparent", PARENT)))
        .isEmpty();
  }

  @Test
  void aStateThatIsTooLongStaysBehind() {
    assertThat(
            copied(
                new DefaultHttpHeaders()
                    .add("traceparent", PARENT)
                    .add("tracestate", "a=" + "b".repeat(511))))
        .containsOnlyKeys("traceparent");
  }

  private static Map<String, String> copied(String parent) {
    return copied(
        DefaultHttpHeadersFactory.headersFactory()
            .withValidation(false)
            .newHeaders()
            .add("traceparent", parent)
            .add("tracestate", "rojo=1"));
  }

  private static Map<String, String> copied(HttpHeaders headers) {
    SendOptions.Builder options = SendOptions.builder();
    TraceContext.copy(headers, options);
    return options.build().headers();
  }
}
