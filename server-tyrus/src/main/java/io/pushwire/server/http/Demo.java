package io.pushwire.server.http;

import static java.util.concurrent.CompletableFuture.completedStage;

import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.pushwire.core.Sender;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** What the demo page plays with; there only while nobody needs a token. */
final class Demo implements AutoCloseable {
  private final ImportJobs imports;
  private final Payments payments;
  private final StaticFiles files;

  Demo(Sender sender, StaticFiles files) {
    this.files = files;
    imports = new ImportJobs(sender);
    payments = new Payments(sender);
  }

  void addTo(Router router) {
    router.add(HttpMethod.POST, "/demo/imports", imports::start);
    router.add(HttpMethod.POST, "/demo/payments", payments::create);
    router.add(HttpMethod.GET, "/demo/payments/{}", payments::show);
    router.add(HttpMethod.GET, "/demo/payments/{}/qr.svg", payments::qr);
    router.add(HttpMethod.POST, "/demo/payments/{}/pay", payments::pay);
    router.add(HttpMethod.GET, "/pay/{}", this::payPage);
  }

  private CompletionStage<FullHttpResponse> payPage(Request request) {
    StaticFiles.File page =
        files
            .find(List.of("pay.html"))
            .orElseThrow(() -> new IllegalStateException("The jar lacks pay.html"));
    return completedStage(page.answer(request.headers()));
  }

  @Override
  public void close() {
    imports.close();
  }
}
