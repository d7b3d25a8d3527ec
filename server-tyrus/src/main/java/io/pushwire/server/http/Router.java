package io.pushwire.server.http;

import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.pushwire.api.ClosedException;
import io.pushwire.api.PublishException;
import io.pushwire.server.auth.ApiKey;
import io.pushwire.server.transport.HttpHandler;
import io.pushwire.server.transport.Problems;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the resource for a request, and turns whatever goes wrong into a problem answer. What a
 * request carried reaches neither the log nor an answer.
 */
final class Router implements HttpHandler {
  private static final Logger log = LoggerFactory.getLogger(Router.class);
  private static final String GAP = "{}";

  private record Route(HttpMethod method, List<String> pattern, boolean open, Resource resource) {
    Optional<List<String>> match(List<String> path) {
      if (path.size() != pattern.size()) {
        return Optional.empty();
      }
      List<String> variables = new ArrayList<>();
      for (int i = 0; i < path.size(); i++) {
        if (pattern.get(i).equals(GAP) && !path.get(i).isEmpty()) {
          variables.add(path.get(i));
        } else if (!pattern.get(i).equals(path.get(i))) {
          return Optional.empty();
        }
      }
      return Optional.of(variables);
    }
  }

  private final Guard guard;
  private final Optional<ApiKey> key;
  private final Optional<PageFolder> pages;
  private final Optional<StaticFiles> files;
  private final List<Route> routes = new ArrayList<>();

  /**
   * @param pages come before the files, and after what is added
   */
  Router(
      Guard guard, Optional<ApiKey> key, Optional<PageFolder> pages, Optional<StaticFiles> files) {
    this.guard = guard;
    this.key = key;
    this.pages = pages;
    this.files = files;
  }

  /**
   * Adds a resource for whoever has the key, if there is one. Not for use after the first request.
   *
   * @param method its method; GET serves HEAD too
   * @param pattern its path, with {@code {}} for each part that varies
   * @param resource answers
   */
  void add(HttpMethod method, String pattern, Resource resource) {
    routes.add(new Route(method, parts(pattern), false, resource));
  }

  /** Adds a resource that tells no secrets and changes nothing: it wants no key. */
  void addOpen(HttpMethod method, String pattern, Resource resource) {
    routes.add(new Route(method, parts(pattern), true, resource));
  }

  private static List<String> parts(String pattern) {
    return List.of(pattern.substring(1).split("/", -1));
  }

  Set<String> routes() {
    return routes.stream()
        .map(route -> route.method + " /" + String.join("/", route.pattern))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Override
  public Optional<FullHttpResponse> refusal(HttpRequest head) {
    try {
      find(head);
      if (!head.method().equals(HttpMethod.POST)) {
        // what is open to everybody is no place to fill the memory by
        throw HttpProblem.badRequest("Only a POST has a body here");
      }
      return Optional.empty();
    } catch (RuntimeException e) {
      return Optional.of(failure(e));
    }
  }

  @Override
  public CompletionStage<FullHttpResponse> answer(
      FullHttpRequest request, InetSocketAddress remote) {
    CompletionStage<FullHttpResponse> answer;
    try {
      answer = find(request).apply(request);
    } catch (RuntimeException e) {
      answer = CompletableFuture.failedStage(e);
    }
    return answer.exceptionally(Router::failure);
  }

  /** All that can be said without the body: what answers, or that nothing does. */
  private Function<FullHttpRequest, CompletionStage<FullHttpResponse>> find(HttpRequest request) {
    guard.check(request);
    // the transport leaves the body of the answer out
    HttpMethod method =
        request.method().equals(HttpMethod.HEAD) ? HttpMethod.GET : request.method();
    RequestTarget target = RequestTarget.parse(request.uri());
    Set<String> allowed = new TreeSet<>();
    for (Route route : routes) {
      Optional<List<String>> variables = route.match(target.path());
      if (variables.isPresent()) {
        if (route.method.equals(method)) {
          if (!route.open) {
            checkKey(request);
          }
          checkType(request);
          return whole ->
              route.resource.answer(
                  new Request(
                      whole.headers().copy(),
                      ByteBufUtil.getBytes(whole.content()),
                      variables.get()));
        }
        allow(allowed, route.method);
      }
    }
    Optional<StaticFile> file = files.flatMap(own -> own.find(target.path()));
    if (method.equals(HttpMethod.GET) && allowed.isEmpty()) {
      if (pages.isPresent()) {
        return whole -> page(pages.get().find(target.path()), file, whole.headers().copy());
      }
      if (file.isPresent()) {
        return whole -> CompletableFuture.completedStage(file.get().answer(whole.headers()));
      }
    }
    if (file.isPresent()) {
      allow(allowed, HttpMethod.GET);
    }
    if (allowed.isEmpty()) {
      throw nothingThere();
    }
    String methods = String.join(", ", allowed);
    throw new HttpProblem(
        HttpResponseStatus.METHOD_NOT_ALLOWED, "Use " + methods, Map.of("Allow", methods));
  }

  private static CompletionStage<FullHttpResponse> page(
      CompletionStage<Optional<StaticFile>> own, Optional<StaticFile> file, HttpHeaders request) {
    return own.thenApply(
        page -> page.or(() -> file).orElseThrow(Router::nothingThere).answer(request));
  }

  private static HttpProblem nothingThere() {
    return HttpProblem.notFound("There is nothing at this path. The API is below /v1/");
  }

  private static void allow(Set<String> allowed, HttpMethod method) {
    allowed.add(method.name());
    if (method.equals(HttpMethod.GET)) {
      allowed.add(HttpMethod.HEAD.name());
    }
  }

  private void checkKey(HttpRequest request) {
    if (key.isPresent() && !key.get().isShownBy(request.headers())) {
      throw new HttpProblem(
          HttpResponseStatus.UNAUTHORIZED,
          "Show the api.key: Authorization: Bearer …",
          Map.of(HttpHeaderNames.WWW_AUTHENTICATE.toString(), ApiKey.CHALLENGE));
    }
  }

  /** A page of another site can make a browser post a form, but not JSON. */
  private static void checkType(HttpRequest request) {
    if (!request.method().equals(HttpMethod.POST)) {
      return;
    }
    CharSequence type = HttpUtil.getMimeType(request);
    if (type == null || !"application/json".equalsIgnoreCase(type.toString().strip())) {
      throw new HttpProblem(
          HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE,
          "Send JSON with Content-Type: application/json");
    }
    if (request.headers().contains(HttpHeaderNames.CONTENT_ENCODING)) {
      throw new HttpProblem(
          HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE, "Send the body without Content-Encoding");
    }
  }

  private static FullHttpResponse failure(Throwable thrown) {
    Throwable e =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    if (e instanceof HttpProblem problem) {
      return problem.answer();
    }
    if (e instanceof PublishException) {
      log.debug("A message was not taken", e);
      return unavailable(
          "The broker did not confirm the message, and this node does not keep it. Send it again. If the"
              + " broker was only slow it may have it already: an 'id', the same each time, lets"
              + " a node that gets both deliver one");
    }
    if (e instanceof ClosedException) {
      return unavailable("This node is going down. Send it to another one");
    }
    log.error("A request failed", e);
    return Problems.of(
        HttpResponseStatus.INTERNAL_SERVER_ERROR, "Something went wrong here; the log says what");
  }

  private static FullHttpResponse unavailable(String detail) {
    return HttpProblem.unavailable(detail).answer();
  }
}
