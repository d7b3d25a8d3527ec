package io.pushwire.core;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pushwire.api.ConnectionId;
import io.pushwire.api.Envelope;
import io.pushwire.api.NodeId;
import io.pushwire.api.Payload;
import io.pushwire.api.Target;
import io.pushwire.api.WhenOffline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/** Bytes encoded by hand, and what they mean: a file of {@code name: value} lines, then hex. */
record GoldenVector(String name, Map<String, String> expected, byte[] bytes) {
  private static final Path DIRECTORY = Path.of("src/test/resources/io/pushwire/core/codec-v1");

  static Stream<GoldenVector> all() {
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      return files.sorted().map(GoldenVector::read).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static GoldenVector read(Path file) {
    try {
      String[] parts = Files.readString(file).split("\n\n", 2);
      Map<String, String> expected = new LinkedHashMap<>();
      parts[0].lines().map(l -> l.split(":", 2)).forEach(l -> expected.put(l[0], l[1].strip()));
      String hex = parts[1].replaceAll("#.*", "").replaceAll("\\s", "");
      return new GoldenVector(
          file.getFileName().toString(), expected, HexFormat.of().parseHex(hex));
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
  }

  boolean rejected() {
    return expected.containsKey("rejected");
  }

  /** Whether the codec would write these bytes itself. */
  boolean canonical() {
    return !rejected() && !expected.containsKey("written");
  }

  Envelope envelope() {
    Envelope.Builder b = Envelope.builder(target(get("target")), payload(get("payload")));
    b.sentAt(Instant.ofEpochMilli(Long.parseLong(get("sent"))));
    expected.forEach(
        (name, value) -> {
          switch (name) {
            case "kind" -> b.kind(Envelope.Kind.valueOf(value));
            case "origin" -> b.origin(new NodeId(value));
            case "ttl" -> b.ttl(Duration.ofMillis(Long.parseLong(value)));
            case "header" -> b.header(value.split("=", 2)[0], value.split("=", 2)[1]);
            case "except" -> b.except(Set.of(ConnectionId.parse(value)));
            case "whenOffline" -> b.whenOffline(WhenOffline.valueOf(value));
            default ->
                assertKnown(name, List.of("id", "given", "target", "payload", "sent", "written"));
          }
        });
    UUID id = UUID.fromString(get("id"));
    return (expected.containsKey("given") ? b.givenId(id) : b.id(id)).build();
  }

  private void assertKnown(String field, List<String> others) {
    if (!others.contains(field)) {
      throw new IllegalArgumentException(name + " has an unknown line " + field);
    }
  }

  private String get(String field) {
    String value = expected.get(field);
    if (value == null) {
      throw new IllegalArgumentException(name + " has no line " + field);
    }
    return value;
  }

  private static Target target(String text) {
    String[] words = text.split(" ", 2);
    return switch (words[0]) {
      case "user" -> Target.user(words[1]);
      case "topic" -> Target.topic(words[1]);
      case "everyone" -> Target.everyone();
      case "connection" -> Target.connection(ConnectionId.parse(words[1]));
      case "node" -> new Target.Node(new NodeId(words[1]));
      case "nodes" -> new Target.Nodes();
      default -> throw new IllegalArgumentException(text);
    };
  }

  private static Payload payload(String text) {
    String[] words = text.split(" ", 2);
    byte[] bytes =
        words.length == 1 ? new byte[0] : HexFormat.of().parseHex(words[1].replace(" ", ""));
    return words[0].equals("text") ? Payload.text(new String(bytes, UTF_8)) : Payload.binary(bytes);
  }

  @Override
  public String toString() {
    return name;
  }
}
