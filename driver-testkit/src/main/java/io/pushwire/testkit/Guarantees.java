package io.pushwire.testkit;

import io.pushwire.core.Capability;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What was seen of a driver while its contract ran, as a Markdown section. */
final class Guarantees {
  private static final Path FILE = Path.of("target", "guarantees.md");
  private static final String HEADING = "## ";
  private static final String TABLE =
      """
      Sent is what the broker took. Refused is what the sender was told had failed; of that, some may
      have been delivered all the same. Lost is what was sent and not delivered.

      | scenario | sent | refused | delivered | lost | duplicated | reordered | interruptions | back after |
      |---|--:|--:|--:|--:|--:|--:|--:|--:|
      """;

  private final MessageDriverContract contract;
  private final List<String> rows = new ArrayList<>();
  private final Map<String, List<String>> cases = new TreeMap<>();

  Guarantees(MessageDriverContract contract) {
    this.contract = contract;
  }

  synchronized void row(String scenario, Tally.Result r) {
    rows.add(
        "| %s | %,d | %,d | %,d | %,d | %,d | %,d | %,d | %s |"
            .formatted(
                scenario,
                r.sent(),
                r.refused(),
                r.delivered(),
                r.lost(),
                r.duplicated(),
                r.reordered(),
                r.interruptions(),
                r.recovery().map(d -> "%,d ms".formatted(d.toMillis())).orElse("")));
  }

  synchronized void result(String result, String name) {
    cases.computeIfAbsent(result, r -> new ArrayList<>()).add(name);
  }

  /** Prints the section, and puts it into the file in place of an earlier one of that title. */
  synchronized void write() {
    String section = section();
    System.out.println(section);
    try {
      StringBuilder all = new StringBuilder();
      if (Files.exists(FILE)) {
        for (String other : Files.readString(FILE).split("(?m)^(?=" + HEADING + ")", -1)) {
          if (!other.startsWith(HEADING + contract.title() + "\n")) {
            all.append(other);
          }
        }
      } else {
        Files.createDirectories(FILE.getParent());
      }
      Files.writeString(FILE, all + section);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String section() {
    StringBuilder text = new StringBuilder(HEADING).append(contract.title()).append("\n\n");
    text.append("Claims: ")
        .append(
            contract.provider().capabilities().stream()
                .sorted()
                .map(Capability::name)
                .collect(Collectors.joining(", ", "", ".\n\n")));
    if (!rows.isEmpty()) {
      text.append(TABLE).append(String.join("\n", rows)).append("\n\n");
    }
    cases.forEach(
        (result, names) ->
            text.append("%s (%d):%n".formatted(result, names.size()))
                .append(names.stream().map(n -> "- " + n + "\n").collect(Collectors.joining()))
                .append("\n"));
    return text.toString();
  }
}
