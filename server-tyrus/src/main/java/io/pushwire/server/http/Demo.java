package io.pushwire.server.http;

import io.netty.handler.codec.http.HttpMethod;
import io.pushwire.core.Sender;

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
    router.add(HttpMethod.GET, "/pay/{}", files.always("pay.html"));
  }

  @Override
  public void close() {
    imports.close();
  }
}
