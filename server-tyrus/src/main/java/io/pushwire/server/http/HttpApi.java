package io.pushwire.server.http;

import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.pushwire.core.ConnectionRegistry;
import io.pushwire.core.Sender;
import io.pushwire.core.StoredMessages;
import io.pushwire.server.auth.ApiKey;
import io.pushwire.server.transport.HttpHandler;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** All that the server answers over HTTP, path by path. Any thread; no call blocks. */
public final class HttpApi implements HttpHandler, AutoCloseable {
  private final Router router;
  private final Optional<Demo> demo;

  /**
   * @param guard knows from where requests may come
   * @param key what callers have to show
   * @param pages what there is for browsers
   * @param sender sends what is posted
   * @param registry knows who is connected
   * @param stored knows what waits for whom, if the driver keeps anything
   * @param maxPayloadSize the most bytes of a payload
   * @param ready the conditions for taking traffic
   * @param metrics all of them, as text; may take a while
   */
  public HttpApi(
      Guard guard,
      Optional<ApiKey> key,
      Pages pages,
      Sender sender,
      ConnectionRegistry registry,
      Supplier<Optional<StoredMessages>> stored,
      int maxPayloadSize,
      Supplier<List<HealthCheck>> ready,
      Supplier<String> metrics) {
    Optional<StaticFiles> files =
        pages.demo() ? Optional.of(new StaticFiles("/public/")) : Optional.empty();
    router = new Router(guard, key, pages.own(), files);
    Presence presence = new Presence(registry, stored);
    Health health = new Health(ready);
    router.add(HttpMethod.POST, "/v1/messages", new Messages(sender, maxPayloadSize));
    router.add(HttpMethod.GET, "/v1/users/{}", presence::user);
    router.add(HttpMethod.GET, "/v1/nodes", presence::nodes);
    router.add(HttpMethod.DELETE, "/v1/connections/{}", presence::close);
    router.add(HttpMethod.GET, "/metrics", new Scrape(metrics));
    router.addOpen(HttpMethod.GET, "/health/live", health::live);
    router.addOpen(HttpMethod.GET, "/health/ready", health::ready);
    StaticFiles documents = new StaticFiles("/api/");
    router.addOpen(HttpMethod.GET, "/openapi.json", documents.always("openapi.json"));
    this.demo = files.map(own -> new Demo(sender, own, pages.inbound()));
    this.demo.ifPresent(jobs -> jobs.addTo(router));
  }

  @Override
  public Optional<FullHttpResponse> refusal(HttpRequest head) {
    return router.refusal(head);
  }

  @Override
  public CompletionStage<FullHttpResponse> answer(
      FullHttpRequest request, InetSocketAddress remote) {
    return router.answer(request, remote);
  }

  /**
   * @return each method with its path, {@code {}} for each part that varies
   */
  public Set<String> routes() {
    return router.routes();
  }

  /** Ends the demo's jobs. */
  @Override
  public void close() {
    demo.ifPresent(Demo::close);
  }
}
