package io.pushwire.testkit;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What there is on a broker, as it tells itself. */
final class RabbitMqObjects {
  private final ErlCall erlang;

  RabbitMqObjects(ErlCall erlang) {
    this.erlang = erlang;
  }

  /** How many there are of each kind whose names begin so. */
  Map<String, Long> count(String prefix) {
    Map<String, Long> counts = new TreeMap<>();
    counts.put("connections", erlang.number("length(rabbit_networking:connections())"));
    counts.put("queues", (long) queues(prefix).size());
    counts.put(
        "exchanges", count("rabbit_exchange:list_names()", "{resource, _, exchange, X}", prefix));
    String binding = "{binding, _, _, {resource, _, _, X}, _}";
    counts.put("bindings", count("rabbit_binding:list(<<\"/\">>)", binding, prefix));
    return counts;
  }

  private long count(String list, String pattern, String prefix) {
    return erlang.number(
        "length([X || %s <- %s, string:prefix(X, <<\"%s\">>) =/= nomatch])"
            .formatted(pattern, list, prefix));
  }

  List<String> queues(String prefix) {
    String printed =
        erlang.eval(
            "[io:format(\"~ts~n\", [X]) || {resource, _, queue, X} <- rabbit_amqqueue:list_names()]");
    return printed.lines().filter(name -> name.startsWith(prefix)).sorted().toList();
  }

  /** All exchanges and queues that were made. */
  void deleteAll() {
    erlang.eval(
        "[rabbit_exchange:delete(N, false, <<\"kit\">>) || {resource, _, exchange, X} = N <-"
            + " rabbit_exchange:list_names(), X =/= <<>>, binary:part(X, 0, 4) =/= <<\"amq.\">>],"
            + "[rabbit_amqqueue:with(N, fun(Q) -> rabbit_amqqueue:delete(Q, false, false,"
            + " <<\"kit\">>) end) || N <- rabbit_amqqueue:list_names()]");
  }
}
