package io.pushwire.server.http;

import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A file as browsers get it. Pages get a policy that lets them use nothing but their own server.
 */
final class StaticFile {
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
          + " img-src 'self' data:; font-src 'self'; media-src 'self'; manifest-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("html", "text/html; charset=utf-8"),
          Map.entry("js", "text/javascript; charset=utf-8"),
          Map.entry("css", "text/css; charset=utf-8"),
          Map.entry("json", "application/json"),
          Map.entry("svg", "image/svg+xml"),
          Map.entry("png", "image/png"),
          Map.entry("jpg", "image/jpeg"),
          Map.entry("jpeg", "image/jpeg"),
          Map.entry("gif", "image/gif"),
          Map.entry("webp", "image/webp"),
          Map.entry("ico", "image/x-icon"),
          Map.entry("woff2", "font/woff2"),
          Map.entry("mp3", "audio/mpeg"),
          Map.entry("webmanifest", "application/manifest+json"));

  // one spelling for each file, nothing hidden, and no way out of the folder; possessive, since
  // going back would take stack for each part of a path
  private static final Pattern NAME =
      Pattern.compile("(?:[A-Za-z0-9_-][A-Za-z0-9._-]*+/)*+[A-Za-z0-9_-][A-Za-z0-9._-]*+");

  private final String type;
  private final byte[] bytes;
  private final String tag;

  private StaticFile(String type, byte[] bytes) {
    this.type = type;
    this.bytes = bytes;
    this.tag = tag(bytes);
  }

  /**
   * @param path the parts of a path; an empty last one stands for index.html
   * @return the name below the folder, if a file may be called so
   */
  static Optional<String> name(List<String> path) {
    String joined = String.join("/", path);
    String name = joined.isEmpty() || joined.endsWith("/") ? joined + "index.html" : joined;
    return TYPES.containsKey(ending(name)) && NAME.matcher(name).matches()
        ? Optional.of(name)
        : Optional.empty();
  }

  /**
   * @param name as {@link #name} returned it
   * @param bytes what the file holds; not copied
   * @return the file
   */
  static StaticFile of(String name, byte[] bytes) {
    return new StaticFile(TYPES.getOrDefault(ending(name), "application/octet-stream"), bytes);
  }

  private static String ending(String name) {
    return name.substring(name.lastIndexOf('.') + 1);
  }

  private static String tag(byte[] bytes) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      return '"' + HexFormat.of().formatHex(hash, 0, 12) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java runtime has SHA-256", e);
    }
  }

  int size() {
    return bytes.length;
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
