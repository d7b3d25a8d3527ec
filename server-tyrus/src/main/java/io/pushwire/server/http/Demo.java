package io.pushwire.server.http;

import static java.util.concurrent.CompletableFuture.completedStage;

import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.pushwire.core.Sender;
import java.util.List;
import java.util.Optional;

/** What the demo page plays with; there only while nobody needs a token. */
final class Demo implements AutoCloseable {
  private final ImportJobs imports;
  private final Payments payments;
  private final StaticFiles files = new StaticFiles("/demo/");

  Demo(Sender sender) {
    imports = new ImportJobs(sender);
    payments = new Payments(sender);
  }

  void addTo(Router router) {
    router.add(HttpMethod.POST, "/demo/imports", imports::start);
    router.add(HttpMethod.POST, "/demo/payments", payments::create);
    router.add(HttpMethod.GET, "/demo/payments/{}", payments::show);
    router.add(HttpMethod.GET, "/demo/payments/{}/qr.svg", payments::qr);
    router.add(HttpMethod.POST, "/demo/payments/{}/pay", payments::pay);
    router.add(HttpMethod.GET, "/pay/{}", request -> completedStage(page(request, "pay.html")));
    for (String file : List.of("pay.js", "pay.css")) {
      router.add(HttpMethod.GET, "/demo/" + file, request -> completedStage(page(request, file)));
    }
  }

  private FullHttpResponse page(Request request, String name) {
    Optional<StaticFiles.File> file = files.find(List.of(name));
    return file.orElseThrow(() -> new IllegalStateException("The jar lacks " + name))
        .answer(request.headers());
  }

  @Override
  public void close() {
    imports.close();
  }
}
