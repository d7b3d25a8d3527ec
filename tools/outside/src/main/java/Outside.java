import io.pushwire.api.Payload;
import io.pushwire.api.Target;
import io.pushwire.core.PushwireNode;
import io.pushwire.endpoint.PushwireEndpoints;

class Outside {
  static final Class<?> ENDPOINTS = PushwireEndpoints.class;

  static void send() {
    try (PushwireNode node = PushwireNode.builder().open()) {
      node.sender().send(Target.user("42"), Payload.text("hello"));
    }
  }
}
