import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.SocketIOServer;
import com.corundumstudio.socketio.Transport;
import io.netty.channel.epoll.Epoll;

/** netty-socketio: {@code NettySocketIo PORT}. The event "publish" goes to the room "t". */
public final class NettySocketIo {
  private NettySocketIo() {}

  public static void main(String[] args) throws Exception {
    Configuration configuration = new Configuration();
    configuration.setHostname("127.0.0.1");
    configuration.setPort(Integer.parseInt(args[0]));
    configuration.setTransports(Transport.WEBSOCKET);
    configuration.setUseLinuxNativeEpoll(Epoll.isAvailable());
    configuration.setWebsocketCompression(false);
    configuration.getSocketConfig().setAcceptBackLog(4096);
    SocketIOServer server = new SocketIOServer(configuration);
    server.addConnectListener(
        client -> {
          if (client.getHandshakeData().getSingleUrlParam("user") != null) {
            client.joinRoom("t");
          }
        });
    server.addEventListener(
        "publish",
        String.class,
        (client, text, ack) -> server.getRoomOperations("t").sendEvent("m", text));
    server.start();
    Thread.currentThread().join();
  }
}
