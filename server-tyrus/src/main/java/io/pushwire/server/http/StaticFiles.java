package io.pushwire.server.http;

import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The files of a folder of the class path, read once and kept. Pages get a policy that lets them
 * use nothing but their own server.
 */
final class StaticFiles {
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
          + " img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "json", "application/json",
          "svg", "image/svg+xml",
          "png", "image/png",
          "ico", "image/x-icon",
          "webmanifest", "application/manifest+json");

  private final String folder;
  private final Map<String, File> cache = new ConcurrentHashMap<>();

  /**
   * @param folder begins and ends with a slash
   */
  StaticFiles(String folder) {
    this.folder = folder;
  }

  /**
   * @param path the parts of a path; an empty last one stands for index.html
   * @return the file, if it is there
   */
  Optional<File> find(List<String> path) {
    String name = String.join("/", path);
    return find(name.isEmpty() || name.endsWith("/") ? name + "index.html" : name);
  }

  /**
   * @param name of a file that must be there
   * @return answers with it
   */
  Resource always(String name) {
    File file =
        find(name).orElseThrow(() -> new IllegalStateException("The jar lacks " + folder + name));
    return request -> CompletableFuture.completedStage(file.answer(request.headers()));
  }

  private Optional<File> find(String name) {
    String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
    // one spelling for each file, and no way out of the folder
    if (type == null
        || !name.matches("(?:[A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][A-Za-z0-9._-]*")) {
      return Optional.empty();
    }
    File cached = cache.get(name);
    if (cached != null) {
      return Optional.of(cached);
    }
    byte[] bytes = read(folder + name);
    if (bytes == null) {
      return Optional.empty();
    }
    File file = new File(type, bytes, tag(bytes));
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

  private static String tag(byte[] bytes) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      return '"' + HexFormat.of().formatHex(hash, 0, 12) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java runtime has SHA-256", e);
    }
  }

  /** One file, as it is answered. */
  static final class File {
    private final String type;
    private final byte[] bytes;
    private final String tag;

    private File(String type, byte[] bytes, String tag) {
      this.type = type;
      this.bytes = bytes;
      this.tag = tag;
    }

    FullHttpResponse answer(HttpHeaders request) {
      boolean known = request.getAll(HttpHeaderNames.IF_NONE_MATCH).contains(tag);
      FullHttpResponse response =
          known
              ? Answers.empty(HttpResponseStatus.NOT_MODIFIED)
              : Answers.bytes(HttpResponseStatus.OK, type, bytes);
      response
          .headers()
          .set(HttpHeaderNames.ETAG, tag)
          .set(HttpHeaderNames.CACHE_CONTROL, "no-cache")
          .set(HttpHeaderNames.CONTENT_SECURITY_POLICY, POLICY)
          .set("referrer-policy", "no-referrer");
      return response;
    }
  }
}
