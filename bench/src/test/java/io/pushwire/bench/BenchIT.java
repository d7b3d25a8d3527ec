package io.pushwire.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.ObjectMapper;

/** The bench itself works: small, so its figures say nothing of speed. */
class BenchIT {
  private static final Path RUN = Path.of("run").toAbsolutePath();
  private static final int CONNECTIONS = 500;
  private static final double FRAME_BYTES = 132; // a payload of 128 and its header

  private static final double MOST_HEAP = 5_000; // bytes of an idle connection, promised

  @TempDir Path folder;

  @Test
  void measuresTheProductBesideTheLimit() throws IOException, InterruptedException {
    String cores = Runtime.getRuntime().availableProcessors() > 1 ? "0,1" : "0,0";
    String output =
        run(
            "--works=fanout-1k-w1,heap",
            "--candidates=pushwire,limit",
            "--connections=" + CONNECTIONS,
            "--rounds=1",
            "--seconds=0.3",
            "--cores=" + cores,
            "--folder=" + folder);
    assertThat(output).contains("| 1k connections, W1, × the limit |");
    assertThat(folder.resolve("fanout-1k-w1.svg"))
        .content()
        .startsWith("<svg")
        .contains("Pushwire");

    assertThat(lines("heap"))
        .singleElement()
        .satisfies(
            line ->
                assertThat(number(line, "heap_bytes_per_connection")).isBetween(1e3, MOST_HEAP));
    List<Map<String, Object>> lines = lines("fanout-1k-w1");
    assertThat(lines)
        .extracting(line -> line.get("candidate"))
        .containsExactly("pushwire", "limit");
    assertThat(lines)
        .allSatisfy(
            line -> {
              assertThat(line)
                  .containsEntry("connections", CONNECTIONS)
                  .containsEntry("failed", 0)
                  .containsEntry("bytes_per_delivery", FRAME_BYTES);
              assertThat(number(line, "deliveries_per_second")).isGreaterThan(1_000);
              assertThat(number(line, "server_cpu_us")).isBetween(0.5, 1_000.0);
              assertThat(number(line, "p99_us")).isGreaterThanOrEqualTo(number(line, "p50_us"));
            });
  }

  private List<Map<String, Object>> lines(String work) throws IOException {
    ObjectMapper json = new ObjectMapper();
    return Files.readAllLines(folder.resolve("raw.jsonl")).stream()
        .map(line -> json.readValue(line, new TypeReference<Map<String, Object>>() {}))
        .filter(line -> work.equals(line.get("work")))
        .toList();
  }

  private static double number(Map<String, Object> line, String figure) {
    return ((Number) line.get(figure)).doubleValue();
  }

  private String run(String... options) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(RUN.toString(), "--no-build");
    builder.command().addAll(List.of(options));
    Path output = folder.resolve("output.txt");
    Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    boolean ended = process.waitFor(60, TimeUnit.SECONDS);
    if (!ended) {
      process.destroy();
    }
    String text = Files.readString(output);
    assertThat(ended && process.exitValue() == 0).as(text).isTrue();
    return text;
  }
}
