package io.pushwire.server.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The files that the server brings with it, read once and kept. */
final class StaticFiles {
  private final String folder;
  private final Map<String, StaticFile> cache = new ConcurrentHashMap<>();

  /**
   * @param folder of the class path; begins and ends with a slash
   */
  StaticFiles(String folder) {
    this.folder = folder;
  }

  /**
   * @param path the parts of a path; an empty last one stands for index.html
   * @return the file, if it is there
   */
  Optional<StaticFile> find(List<String> path) {
    return StaticFile.name(path).flatMap(this::find);
  }

  /**
   * @param name of a file that must be there
   * @return answers with it
   */
  Resource always(String name) {
    StaticFile file =
        find(name).orElseThrow(() -> new IllegalStateException("The jar lacks " + folder + name));
    return request -> CompletableFuture.completedStage(file.answer(request.headers()));
  }

  private Optional<StaticFile> find(String name) {
    StaticFile cached = cache.get(name);
    if (cached != null) {
      return Optional.of(cached);
    }
    byte[] bytes = read(folder + name);
    if (bytes == null) {
      return Optional.empty();
    }
    StaticFile file = StaticFile.of(name, bytes);
    cache.put(name, file);
    return Optional.of(file);
  }

  private static byte @Nullable [] read(String resource) {
    try (InputStream in = StaticFiles.class.getResourceAsStream(resource)) {
      return in == null ? null : in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + resource, e);
    }
  }
}
