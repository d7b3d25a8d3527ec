package io.pushwire.server.http;

import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.pushwire.core.Sender;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What the demo page plays with; there only while nobody needs a token. */
final class Demo implements AutoCloseable {
  private final ImportJobs imports;
  private final Payments payments;
  private final StaticFiles files;
  private final String inbound;

  Demo(Sender sender, StaticFiles files, String inbound) {
    this.files = files;
    this.inbound = inbound;
    imports = new ImportJobs(sender);
    payments = new Payments(sender);
  }

  void addTo(Router router) {
    router.add(HttpMethod.GET, "/demo/settings", this::settings);
    router.add(HttpMethod.POST, "/demo/imports", imports::start);
    router.add(HttpMethod.POST, "/demo/payments", payments::create);
    router.add(HttpMethod.GET, "/demo/payments/{}", payments::show);
    router.add(HttpMethod.GET, "/demo/payments/{}/qr.svg", payments::qr);
    router.add(HttpMethod.POST, "/demo/payments/{}/pay", payments::pay);
    router.add(HttpMethod.GET, "/pay/{}", files.always("pay.html"));
  }

  private CompletionStage<FullHttpResponse> settings(Request request) {
    return CompletableFuture.completedStage(
        Answers.json(HttpResponseStatus.OK, Json.object().put("inbound", inbound)));
  }

  @Override
  public void close() {
    imports.close();
  }
}
