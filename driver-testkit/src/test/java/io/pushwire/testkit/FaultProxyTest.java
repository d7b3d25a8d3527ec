package io.pushwire.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultProxyTest {
  private ServerSocket echo;
  private FaultProxy proxy;
  private Socket client;

  @BeforeEach
  void open() throws IOException {
    echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread thread = new Thread(this::echo, "echo");
    thread.setDaemon(true);
    thread.start();
    proxy = FaultProxy.to(echo.getLocalPort());
    client = connect();
    assertThat(roundTrip(1)).isEqualTo(1);
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    proxy.close();
    echo.close();
  }

  @Test
  void cutsWithAReset() throws IOException {
    proxy.cut();
    assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
    client = connect();
    assertThat(roundTrip(2)).isEqualTo(2);
  }

  @Test
  void refusesUntilItHeals() throws IOException {
    proxy.refuse();
    client = connect();
    assertThatThrownBy(() -> roundTrip(3)).isInstanceOf(SocketException.class);
    proxy.heal();
    client = connect();
    assertThat(roundTrip(4)).isEqualTo(4);
  }

  @Test
  void fallsSilentAndGoesOn() throws IOException {
    proxy.blackHole();
    client.setSoTimeout(50);
    assertThatThrownBy(() -> roundTrip(5)).isInstanceOf(SocketTimeoutException.class);
    proxy.heal();
    client.setSoTimeout(5000);
    assertThat(client.getInputStream().read()).isEqualTo(5);
  }

  @Test
  void closesOneDirection() throws IOException {
    proxy.halfClose();
    assertThat(client.getInputStream().read()).isEqualTo(-1);
    client.getOutputStream().write(6);
  }

  @Test
  void delaysAndThrottles() throws IOException {
    proxy.latency(Duration.ofMillis(50));
    long start = System.nanoTime();
    assertThat(roundTrip(7)).isEqualTo(7);
    assertThat(System.nanoTime() - start).isGreaterThan(Duration.ofMillis(100).toNanos());
    proxy.heal();
    proxy.throttle(10_000);
    start = System.nanoTime();
    client.getOutputStream().write(new byte[2000]);
    assertThat(client.getInputStream().readNBytes(2000)).hasSize(2000);
    assertThat(System.nanoTime() - start).isGreaterThan(Duration.ofMillis(150).toNanos());
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    socket.setSoTimeout(5000);
    return socket;
  }

  private int roundTrip(int b) throws IOException {
    client.getOutputStream().write(b);
    return client.getInputStream().read();
  }

  private void echo() {
    try {
      while (true) {
        Socket socket = echo.accept();
        Thread thread =
            new Thread(
                () -> {
                  try (socket) {
                    socket.getInputStream().transferTo(socket.getOutputStream());
                  } catch (IOException e) {
                    // the test is over
                  }
                });
        thread.setDaemon(true);
        thread.start();
      }
    } catch (IOException e) {
      // the test is over
    }
  }
}
