package io.pushwire.driver.rabbitmq;

import com.rabbitmq.client.Address;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.PossibleAuthenticationFailureException;
import com.rabbitmq.client.impl.ForgivingExceptionHandler;
import io.pushwire.api.PushwireException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens connections. The client library's own recovery is off: it forgets unconfirmed messages,
 * does not look whether queues are still there, and knows nothing of what belongs together.
 */
final class Dialer {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration HEARTBEAT = Duration.ofSeconds(10);
  private static final Duration CALL = Duration.ofSeconds(10);
  private static final Duration SHUTDOWN = Duration.ofSeconds(1);

  /** A broker takes 128 MiB by default; what one takes must not end the connection here. */
  private static final int MAX_BODY = 192 * 1024 * 1024;

  private static final Logger log = LoggerFactory.getLogger(Dialer.class);

  private final RabbitMqConfig config;
  private final String node;
  private final ExecutorService consumers;

  /**
   * @param consumers runs the consumers; one thread, so that what arrives stays in order
   */
  Dialer(RabbitMqConfig config, String node, ExecutorService consumers) {
    this.config = config;
    this.node = node;
    this.consumers = consumers;
  }

  /**
   * @param purpose shown beside the connection on the broker
   * @param cork holds back what is written, where TLS is not used
   * @param sockets is given each socket before it is used, so that it can be cut from outside
   */
  Connection dial(String purpose, Cork cork, Consumer<Socket> sockets) {
    RabbitMqUri uri = config.uri();
    List<Address> addresses = new ArrayList<>(uri.addresses());
    Collections.shuffle(addresses);
    try {
      return factory(cork, sockets)
          .newConnection(consumers, addresses, "pushwire " + node + " " + purpose);
    } catch (PossibleAuthenticationFailureException e) {
      throw new PushwireException(
          uri
              + " refuses user '"
              + uri.user()
              + "', or he may not use virtual host '"
              + uri.virtualHost()
              + "'; check driver.rabbitmq.uri",
          e);
    } catch (IOException | TimeoutException e) {
      throw new PushwireException(
          "RabbitMQ cannot be reached at "
              + uri
              + " ("
              + reason(e)
              + "): start it, correct driver.rabbitmq.uri, or set driver.lazy=true to start"
              + " without it",
          e);
    } catch (GeneralSecurityException e) {
      throw new PushwireException("TLS to " + uri + " cannot be set up: " + e.getMessage(), e);
    }
  }

  private static String reason(Exception e) {
    Throwable cause = e.getMessage() == null && e.getCause() != null ? e.getCause() : e;
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }

  private ConnectionFactory factory(Cork cork, Consumer<Socket> sockets)
      throws GeneralSecurityException, IOException {
    RabbitMqUri uri = config.uri();
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUsername(uri.user());
    factory.setPassword(uri.password());
    factory.setVirtualHost(uri.virtualHost());
    factory.setAutomaticRecoveryEnabled(false);
    factory.setTopologyRecoveryEnabled(false);
    factory.setConnectionTimeout((int) CONNECT.toMillis());
    factory.setHandshakeTimeout((int) CONNECT.toMillis());
    factory.setRequestedHeartbeat((int) HEARTBEAT.toSeconds());
    factory.setChannelRpcTimeout((int) CALL.toMillis());
    factory.setShutdownTimeout((int) SHUTDOWN.toMillis());
    factory.setMaxInboundMessageBodySize(MAX_BODY);
    factory.setThreadFactory(Threads.daemons("pushwire-rabbitmq-client-" + node));
    factory.setSocketFactory(cork.sockets());
    factory.setExceptionHandler(new Quiet());
    factory.setSocketConfigurator(
        socket -> {
          socket.setTcpNoDelay(true);
          sockets.accept(socket);
        });
    if (uri.tls()) {
      // the library's own default trusts every certificate
      factory.useSslProtocol(
          config.ca().isPresent() ? trusting(config.ca().get()) : SSLContext.getDefault());
      factory.enableHostnameVerification();
    }
    return factory;
  }

  /** The link's loss is logged where it is noticed, once. */
  private static final class Quiet extends ForgivingExceptionHandler {
    @Override
    protected void log(String message, Throwable e) {
      log.debug(message, e);
    }
  }

  private static SSLContext trusting(Path pem) throws GeneralSecurityException, IOException {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    try (InputStream in = Files.newInputStream(pem)) {
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        trusted.setCertificateEntry("ca" + trusted.size(), each);
      }
    }
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }
}
