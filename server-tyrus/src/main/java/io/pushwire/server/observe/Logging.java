package io.pushwire.server.observe;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.ContextInitializer;
import ch.qos.logback.core.joran.spi.JoranException;
import org.slf4j.LoggerFactory;

/** Tells the logging backend what the settings say, which are read after its first line. */
public final class Logging {
  private static final String FORMAT = "log.format";

  private Logging() {}

  /**
   * Writes log lines like this from now on, as far as the backend's own configuration asks for the
   * property {@value #FORMAT}.
   *
   * @param format how they look
   */
  public static void use(LogFormat format) {
    if (format == LogFormat.JSON
        && LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.reset();
      context.putProperty(FORMAT, "json");
      try {
        new ContextInitializer(context).autoConfig();
      } catch (JoranException e) {
        throw new IllegalStateException("The logging configuration cannot be read again", e);
      }
    }
  }
}
