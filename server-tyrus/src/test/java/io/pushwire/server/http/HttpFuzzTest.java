package io.pushwire.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.pushwire.api.Target;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever is posted or asked for is understood or a problem, never more. The seeds are tried with
 * every build; {@code JAZZER_FUZZ=1} looks for more.
 */
class HttpFuzzTest {
  static Stream<byte[]> bodies() {
    return Stream.of(
            "{'to':{'user':'42'},'text':'hello'}",
            "{'to':{'users':['1',2]},'json':{'type':'paid','amount':12.50,'a':[null,true,1e5]}}",
            "{'to':{'topic':'orders'},'base64':'AAEC','ttl':60}",
            "{'to':{'everyone':true},'text':'\\ud83d\\ude00','id':'greeting-1'}",
            "{'to':{'connection':'n1.a.b'},'text':'','whenOffline':'drop','except':['n1.a.c']}",
            "{'to':{'user':'1'},'text':'a','ttl':1e999999,'whenOffline':'queue'}",
            "{'to':{'user':'1'},'text':'a','ttl':1e99999999999}",
            "{'to':{'user':'1'},'to':{'user':'2'},'text':'a'}",
            "{'to':{'user':'1'},'text':'\\ud800'}",
            "{} {}",
            "[]")
        .map(text -> text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("bodies")
  @FuzzTest(maxDuration = "3m")
  void aBodyIsAMessageOrAProblem(byte[] bytes) {
    try {
      MessageBody body = MessageBody.parse(bytes);
      List<Target> targets = body.targets();
      assertThat(targets).isNotEmpty().doesNotHaveDuplicates();
      assertThat(targets)
          .noneMatch(target -> target instanceof Target.Node || target instanceof Target.Nodes);
      assertThat(body.isForSeveral() || targets.size() == 1).isTrue();
      assertThat(body.payload()).isNotNull();
      assertThat(body.options().build().headers()).isEmpty();
    } catch (HttpProblem problem) {
      assertThat(problem.answer().status().code()).isEqualTo(400);
    }
  }

  static Stream<byte[]> targets() {
    return Stream.of(
            "/",
            "/ws?user=42&topic=a&topic=b",
            "/v1/users/J%C3%BCrgen%2F1?x",
            "/%",
            "*",
            "/?=&&a=b=c+d")
        .map(text -> text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @MethodSource("targets")
  @FuzzTest(maxDuration = "3m")
  void aRequestTargetIsTakenApartOrAProblem(byte[] bytes) {
    String uri = new String(bytes, StandardCharsets.ISO_8859_1);
    try {
      RequestTarget target = RequestTarget.parse(uri);
      assertThat(target.path()).isNotEmpty();
      target.query().forEach((name, values) -> assertThat(values).isNotEmpty());
      new StaticFiles("/public/").find(target.path());
    } catch (HttpProblem problem) {
      assertThat(problem.answer().status().code()).isEqualTo(400);
    }
  }
}
