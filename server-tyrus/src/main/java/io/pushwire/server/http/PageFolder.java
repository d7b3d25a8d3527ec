package io.pushwire.server.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A folder of pages that belong to whoever runs the server. A file that has changed is served as it
 * is now. Links are followed to where they stay within the folder.
 */
public final class PageFolder {
  /** Larger files are not served: {@value} bytes. */
  static final int LARGEST = 8 << 20;

  private static final int KEPT = 64 << 20;

  private record Version(Path file, FileTime modified, long size) {}

  private final Path folder;
  // what several clients get is in memory once, however slowly they take it
  private final Cache<Version, StaticFile> cache =
      Caffeine.newBuilder()
          .maximumWeight(KEPT)
          .weigher((Version version, StaticFile file) -> file.size())
          .build();

  private PageFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * @param path a folder
   * @return its pages
   * @throws IllegalArgumentException if there is none, or it cannot be read
   */
  public static PageFolder of(String path) {
    try {
      Path folder = Path.of(path).toAbsolutePath();
      if (!Files.isDirectory(folder) || !Files.isReadable(folder)) {
        throw new IllegalArgumentException(path);
      }
      return new PageFolder(folder);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(path, e);
    }
  }

  /**
   * Reads off the event loops.
   *
   * @param path the parts of a path; an empty last one stands for index.html
   * @return the file, if it is there
   */
  CompletionStage<Optional<StaticFile>> find(List<String> path) {
    Optional<String> name = StaticFile.name(path);
    return name.isEmpty()
        ? CompletableFuture.completedStage(Optional.empty())
        : CompletableFuture.supplyAsync(() -> find(name.get()));
  }

  private Optional<StaticFile> find(String name) {
    try {
      Path file = folder.resolve(name).toRealPath();
      BasicFileAttributes facts = Files.readAttributes(file, BasicFileAttributes.class);
      if (!facts.isRegularFile() || !file.startsWith(folder.toRealPath())) {
        return Optional.empty();
      }
      if (!Files.isReadable(file)) {
        throw HttpProblem.notFound("There is a file at this path, but it may not be read");
      }
      if (facts.size() > LARGEST) {
        throw HttpProblem.notFound(
            "This file is larger than the %d MiB that are served from here. Let a web server have it"
                .formatted(LARGEST >> 20));
      }
      Version version = new Version(file, facts.lastModifiedTime(), facts.size());
      return Optional.of(cache.get(version, v -> read(name, v.file)));
    } catch (IOException e) { // nothing is there, or links that lead nowhere
      return Optional.empty();
    }
  }

  private static StaticFile read(String name, Path file) {
    try {
      return StaticFile.of(name, Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    }
  }
}
