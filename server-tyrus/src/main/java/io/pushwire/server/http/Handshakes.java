package io.pushwire.server.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.pushwire.api.Target;
import io.pushwire.server.auth.AuthUnavailableException;
import io.pushwire.server.auth.Authenticator;
import io.pushwire.server.auth.Credentials;
import io.pushwire.server.auth.Grant;
import io.pushwire.server.auth.RefusedCredentialsException;
import io.pushwire.server.transport.HandshakeHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who may open a WebSocket. All refusals are HTTP; the log has them at DEBUG, without names. */
public final class Handshakes implements HandshakeHandler {
  private static final List<String> PATH = List.of("ws");
  private static final Logger log = LoggerFactory.getLogger(Handshakes.class);

  private final Guard guard;
  private final Authenticator authenticator;
  private final ConnectionLimits limits;
  private final TrustedProxies proxies;
  private final BooleanSupplier draining;

  /** What a client asks for. */
  private record Wish(Optional<String> user, List<String> topics, InetAddress address) {}

  /**
   * @param guard knows from where requests may come
   * @param authenticator knows who somebody is
   * @param limits knows how many there may be
   * @param proxies know where clients come from
   * @param draining whether the node takes no more
   */
  public Handshakes(
      Guard guard,
      Authenticator authenticator,
      ConnectionLimits limits,
      TrustedProxies proxies,
      BooleanSupplier draining) {
    this.guard = guard;
    this.authenticator = authenticator;
    this.limits = limits;
    this.proxies = proxies;
    this.draining = draining;
  }

  @Override
  public CompletionStage<Decision> decide(HttpRequest request, InetSocketAddress remote) {
    CompletionStage<Decision> decision;
    try {
      decision = authenticate(request, remote);
    } catch (HttpProblem problem) {
      decision = CompletableFuture.failedStage(problem);
    }
    return decision.exceptionally(Handshakes::refused);
  }

  private CompletionStage<Decision> authenticate(HttpRequest request, InetSocketAddress remote) {
    guard.check(request);
    RequestTarget target = RequestTarget.parse(request.uri());
    if (!target.path().equals(PATH)) {
      throw HttpProblem.notFound("WebSockets are opened at /ws");
    }
    if (draining.getAsBoolean()) {
      throw busy("This node is going down; another one will take you");
    }
    limits.handshake();
    Wish wish = wish(target, proxies.client(remote, request.headers()));
    return authenticator
        .authenticate(Credentials.of(request.headers(), wish.user(), target.all("token")))
        .thenApply(grant -> accept(grant, wish));
  }

  private static Wish wish(RequestTarget target, InetAddress address) {
    Optional<String> user = target.one("user");
    List<String> topics = target.all("topic").stream().distinct().toList();
    try {
      user.ifPresent(Target::user);
      topics.forEach(Target::topic);
    } catch (IllegalArgumentException e) {
      throw HttpProblem.badRequest(String.valueOf(e.getMessage()));
    }
    return new Wish(user, topics, address);
  }

  private Decision accept(Grant grant, Wish wish) {
    if (wish.user().isPresent() && !wish.user().equals(grant.user())) {
      throw forbidden("The token is not that of this user");
    }
    if (!wish.topics().stream().allMatch(grant.topics()::allow)) {
      throw forbidden("The token's topics do not allow to join all of these");
    }
    Runnable gone = limits.take(grant.user(), wish.address());
    return new Decision.Accepted(grant.user(), wish.topics(), grant.expires(), gone);
  }

  private static Decision refused(Throwable thrown) {
    Throwable e =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    HttpProblem problem;
    if (e instanceof HttpProblem known) {
      problem = known;
    } else if (e instanceof RefusedCredentialsException credentials) {
      problem =
          new HttpProblem(
              HttpResponseStatus.UNAUTHORIZED,
              String.valueOf(e.getMessage()),
              Map.of(HttpHeaderNames.WWW_AUTHENTICATE.toString(), credentials.challenge()));
    } else if (e instanceof AuthUnavailableException || e instanceof RejectedExecutionException) {
      problem = busy("Tokens cannot be checked at the moment");
    } else {
      throw new CompletionException(e);
    }
    log.debug("A handshake is refused: {}", problem.getMessage());
    return new Decision.Refused(problem.answer());
  }

  private static HttpProblem forbidden(String detail) {
    return new HttpProblem(HttpResponseStatus.FORBIDDEN, detail);
  }

  private static HttpProblem busy(String detail) {
    return new HttpProblem(
        HttpResponseStatus.SERVICE_UNAVAILABLE, detail, Map.of("Retry-After", "1"));
  }
}
