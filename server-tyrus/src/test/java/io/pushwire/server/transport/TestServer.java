package io.pushwire.server.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.pushwire.api.Payload;
import io.pushwire.api.Target;
import io.pushwire.core.Connection;
import io.pushwire.core.ConnectionRegistry;
import io.pushwire.core.InMemoryCounters;
import io.pushwire.core.PushwireNode;
import io.pushwire.core.Settings;
import io.pushwire.endpoint.ConnectionListener;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A node on the memory driver with the transport under test, and what its listener heard. */
final class TestServer implements AutoCloseable {
  final InMemoryCounters counters = new InMemoryCounters();
  final PushwireNode node;
  final NettyServer transport;
  final int port;
  final List<String> heard = new CopyOnWriteArrayList<>();
  final List<Connection> opened = new CopyOnWriteArrayList<>();
  final Map<String, CompletableFuture<String>> answers = new ConcurrentHashMap<>();
  volatile Consumer<Payload> onMessage = payload -> {};
  final AtomicInteger places = new AtomicInteger(); // taken and not given back
  volatile CompletableFuture<Void> decided = CompletableFuture.completedFuture(null);
  volatile boolean echoes; // sends every message back

  TestServer(IoKind io) {
    this(io, config -> {}, registry -> registry);
  }

  TestServer(
      IoKind io,
      Consumer<TransportConfig.Builder> change,
      UnaryOperator<ConnectionRegistry> registry) {
    node =
        PushwireNode.builder()
            .settings(Settings.of(Map.of("driver", "memory", "message.max-size", "16 MiB")))
            .counters(counters)
            .open();
    TransportConfig.Builder numbers = TransportConfig.builder().port(0).io(io).eventLoops(2);
    change.accept(numbers);
    TransportConfig config = numbers.build();
    BoundPort bound = BoundPort.bind(config);
    port = bound.number();
    transport =
        new NettyServer(
            bound,
            config,
            registry.apply(node.registry()),
            counters,
            this::answer,
            (request, remote) -> decided.thenApply(now -> decide(request)),
            new Heard(),
            TransportListener.NONE);
    transport.start();
  }

  void send(Target target, String text) {
    node.sender().send(target, Payload.text(text)).toCompletableFuture().join();
  }

  void send(Target target, Payload payload) {
    node.sender().send(target, payload).toCompletableFuture().join();
  }

  /** {@code /later/…} is answered when the test says so, all else at once with path and body. */
  private CompletionStage<FullHttpResponse> answer(
      FullHttpRequest request, InetSocketAddress remote) {
    String path = request.uri();
    if (path.startsWith("/later/")) {
      return answers
          .computeIfAbsent(path, p -> new CompletableFuture<>())
          .thenApply(TestServer::ok);
    }
    if (path.equals("/throw")) {
      throw new IllegalStateException("as wanted");
    }
    return CompletableFuture.completedStage(
        ok(request.method() + " " + path + " " + request.content().toString(UTF_8)));
  }

  private static FullHttpResponse ok(String body) {
    return response(HttpResponseStatus.OK, body);
  }

  private static FullHttpResponse response(HttpResponseStatus status, String body) {
    return new DefaultFullHttpResponse(
        HttpVersion.HTTP_1_1, status, Unpooled.copiedBuffer(body, UTF_8));
  }

  private HandshakeHandler.Decision decide(HttpRequest request) {
    QueryStringDecoder query = new QueryStringDecoder(request.uri());
    if (!query.path().equals("/ws")) {
      return new HandshakeHandler.Decision.Refused(
          response(HttpResponseStatus.NOT_FOUND, "no such path"));
    }
    if (query.parameters().containsKey("throw")) {
      throw new IllegalStateException("as wanted");
    }
    places.incrementAndGet();
    return new HandshakeHandler.Decision.Accepted(
        query.parameters().getOrDefault("user", List.of()).stream().findFirst(),
        query.parameters().getOrDefault("topic", List.of()),
        Optional.empty(),
        places::decrementAndGet);
  }

  Optional<Connection> connection(String user) {
    return node.registry().connections(user).stream()
        .findFirst()
        .flatMap(id -> node.registry().find(id));
  }

  @Override
  public void close() {
    transport.close();
    node.close();
  }

  private final class Heard implements ConnectionListener {
    @Override
    public void opened(Connection connection) {
      opened.add(connection);
      heard.add("opened " + Thread.currentThread().getName());
    }

    @Override
    public void message(Connection connection, Payload payload) {
      onMessage.accept(payload);
      if (echoes) {
        send(Target.connection(connection.id()), payload);
        return;
      }
      heard.add(
          payload.type() == Payload.Type.TEXT
              ? "text " + payload.text()
              : "binary " + payload.size());
    }

    @Override
    public void closed(Connection connection, int code, String reason) {
      heard.add("closed " + code);
    }
  }
}
