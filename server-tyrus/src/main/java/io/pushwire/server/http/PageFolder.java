package io.pushwire.server.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A folder of pages that belong to whoever runs the server. A file that has changed is served as it
 * is now. Links are followed to where they stay within the folder.
 */
public final class PageFolder {
  /** Larger files are not served: {@value} bytes. */
  static final int LARGEST = 8 << 20;

  private static final int KEPT = 64 << 20;

  /** What changed less than this ago may change again and look the same, by age and size. */
  private static final long YOUNG_MILLIS = 2_000;

  private static final int THREADS = 4;

  private record Version(Path file, @Nullable Object key, FileTime modified, long size) {
    static Version of(Path file, BasicFileAttributes facts) {
      return new Version(file, facts.fileKey(), facts.lastModifiedTime(), facts.size());
    }

    boolean isYoung() {
      return Math.abs(System.currentTimeMillis() - modified.toMillis()) < YOUNG_MILLIS;
    }
  }

  private final Path folder;
  // what several clients get is in memory once, however slowly they take it
  private final Cache<Version, StaticFile> cache =
      Caffeine.newBuilder()
          .maximumWeight(KEPT)
          .weigher((Version version, StaticFile file) -> file.size())
          .build();

  // in the queue there is at most one request of each connection
  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          THREADS,
          THREADS,
          10,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          new DefaultThreadFactory("pushwire-pages", true));

  private PageFolder(Path folder) {
    this.folder = folder;
    threads.allowCoreThreadTimeOut(true); // so nobody has to end them
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
        : CompletableFuture.supplyAsync(() -> find(name.get()), threads);
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
      return Optional.of(read(name, Version.of(file, facts)));
    } catch (IOException e) { // nothing is there any more, or links that lead nowhere
      return Optional.empty();
    }
  }

  private StaticFile read(String name, Version version) throws IOException {
    StaticFile kept = cache.getIfPresent(version);
    if (kept != null) {
      return kept;
    }
    boolean young = version.isYoung();
    StaticFile file = StaticFile.of(name, Files.readAllBytes(version.file));
    if (!young) {
      cache.put(version, file);
    }
    return file;
  }
}
