package io.pushwire.server.http;

import static java.util.concurrent.CompletableFuture.completedStage;

import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.pushwire.api.Payload;
import io.pushwire.api.Target;
import io.pushwire.core.Ids;
import io.pushwire.core.Sender;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Jobs on the server that take a while and tell a user how far they are. */
final class ImportJobs implements AutoCloseable {
  static final int MAX_JOBS = 100;

  private static final Logger log = LoggerFactory.getLogger(ImportJobs.class);
  private static final int STEP_PERCENT = 5;
  private static final long STEP_MILLIS = 250;

  private final Sender sender;
  private final Semaphore free = new Semaphore(MAX_JOBS);
  private final ScheduledThreadPoolExecutor executor;

  ImportJobs(Sender sender) {
    this.sender = sender;
    executor =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "pushwire-demo-jobs");
              thread.setDaemon(true);
              return thread;
            });
    executor.setRemoveOnCancelPolicy(true);
  }

  CompletionStage<FullHttpResponse> start(Request request) {
    Target.User user = DemoFields.user(DemoFields.read(request.body(), Set.of("user")));
    if (!free.tryAcquire()) {
      throw new HttpProblem(
          HttpResponseStatus.TOO_MANY_REQUESTS,
          MAX_JOBS + " jobs are running; wait for one to end",
          Map.of("Retry-After", "5"));
    }
    String job = Ids.next().toString();
    step(user, job, 0);
    return completedStage(Answers.json(HttpResponseStatus.ACCEPTED, Json.object().put("job", job)));
  }

  private void step(Target.User user, String job, int percent) {
    try {
      send(user, job, percent);
      if (percent < 100) {
        executor.schedule(
            () -> step(user, job, percent + STEP_PERCENT), STEP_MILLIS, TimeUnit.MILLISECONDS);
        return;
      }
    } catch (IllegalStateException | RejectedExecutionException e) {
      log.debug("The job {} ends early, the server is closing", job, e);
    }
    free.release();
  }

  /** A step that the broker does not take is left out: the next one says more anyway. */
  private void send(Target.User user, String job, int percent) {
    byte[] json =
        Json.bytes(Json.object().put("type", "progress").put("job", job).put("percent", percent));
    sender
        .send(user, Payload.text(new String(json, StandardCharsets.UTF_8)))
        .whenComplete(
            (receipt, e) -> {
              if (e != null) {
                log.debug("A step of job {} was not sent", job, e);
              }
            });
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
