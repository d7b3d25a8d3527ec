package io.pushwire.example.messages;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A client at the terminal: what is typed as {@code {"user":"bob"} hello} goes to bob. */
public final class Talk {
  private Talk() {}

  /**
   * @param arguments the port, and who is talking
   */
  public static void main(String[] arguments) throws IOException {
    WebSocket socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(
                URI.create("ws://127.0.0.1:" + arguments[0] + "/ws?user=" + arguments[1]),
                new Printer())
            .join();
    BufferedReader typed =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = typed.readLine(); line != null; line = typed.readLine()) {
      socket.sendText(line.replaceFirst("\\} ", "}\n"), true).join();
    }
    socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
  }

  private static final class Printer implements WebSocket.Listener {
    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
      System.out.print(last ? text + "\n" : text);
      from.request(1);
      return null;
    }
  }
}
