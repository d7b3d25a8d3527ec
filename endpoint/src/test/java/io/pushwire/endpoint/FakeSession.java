package io.pushwire.endpoint;

import jakarta.websocket.CloseReason;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.SendHandler;
import jakarta.websocket.SendResult;
import jakarta.websocket.Session;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;

/** A session whose sends complete when the test says so. */
final class FakeSession {
  /** What the container does with a send. */
  enum Behaviour {
    /** It completes within the call. */
    INLINE,
    /** It waits for {@link #complete}. */
    HELD,
    /** The call throws. */
    THROWS
  }

  final Session session = proxy(Session.class, this::session);
  final List<Object> sent = Collections.synchronizedList(new ArrayList<>());
  final List<CloseReason> closed = new CopyOnWriteArrayList<>();
  final Map<String, Object> properties = new ConcurrentHashMap<>();
  final Map<Class<?>, Object> handlers = new ConcurrentHashMap<>();
  volatile long maxIdleTimeout;
  volatile Behaviour behaviour;
  private final BlockingQueue<SendHandler> held = new LinkedBlockingQueue<>();
  private final RemoteEndpoint.Async remote = proxy(RemoteEndpoint.Async.class, this::remote);

  FakeSession(Behaviour behaviour) {
    this.behaviour = behaviour;
  }

  int inFlight() {
    return held.size();
  }

  /** Completes the oldest send, on the caller's thread. */
  void complete() {
    held.remove().onResult(new SendResult(session));
  }

  void fail() {
    held.remove().onResult(new SendResult(session, new IOException("broken pipe")));
  }

  private Object session(Object proxy, Method method, Object[] arguments) {
    Object answer = answer(method.getName(), arguments);
    return method.getReturnType() == void.class ? null : answer;
  }

  private Object answer(String method, Object[] arguments) {
    return switch (method) {
      case "getAsyncRemote" -> remote;
      case "isOpen" -> closed.isEmpty();
      case "setMaxIdleTimeout" -> maxIdleTimeout = (long) arguments[0];
      case "getMaxIdleTimeout" -> maxIdleTimeout;
      case "getUserProperties" -> properties;
      case "addMessageHandler" -> handlers.put((Class<?>) arguments[0], arguments[1]);
      case "getId" -> "fake";
      case "close" -> closed.add((CloseReason) arguments[0]);
      default -> throw new UnsupportedOperationException(method);
    };
  }

  private Object remote(Object proxy, Method method, Object[] arguments) {
    if (behaviour == Behaviour.THROWS) {
      throw new IllegalStateException("the session has been closed");
    }
    sent.add(arguments[0]);
    SendHandler handler = (SendHandler) arguments[1];
    if (behaviour == Behaviour.INLINE) {
      handler.onResult(new SendResult(session));
    } else {
      held.add(handler);
    }
    return null;
  }

  static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(FakeSession.class.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
