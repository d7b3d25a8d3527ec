package io.pushwire.core;

import io.pushwire.api.ConfigurationException;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the one driver to use. It is chosen by name; the name may be left out if exactly one driver
 * jar is there. The memory driver is part of core and runs only when named: a forgotten jar must
 * not silently isolate the nodes from each other.
 *
 * @since 0.1
 */
public final class DriverLoader {
  private static final Logger log = LoggerFactory.getLogger(DriverLoader.class);
  private static final String MEMORY = "memory";
  private static final String ADD_A_JAR =
      "Put the jar of one on the class path (pushwire-driver-redis-pubsub,"
          + " pushwire-driver-redis-queue, pushwire-driver-rabbitmq, or your own)";
  private static final String CORRECT_THE_NAME =
      "Correct the name, or put that driver's jar on the class path";

  private final ClassLoader classLoader;

  /**
   * @param classLoader where to look
   */
  public DriverLoader(ClassLoader classLoader) {
    this.classLoader = classLoader;
  }

  /**
   * @param name the driver's name; empty: the only one that is there
   * @return its provider
   * @throws ConfigurationException if there is none, several, none of that name, two of that name,
   *     or one that does not load; the message says what was found and what to do
   */
  public MessageDriverProvider load(Optional<String> name) {
    List<MessageDriverProvider> found = new ArrayList<>();
    List<Error> broken = new ArrayList<>();
    find(found, broken);
    List<MessageDriverProvider> fitting =
        found.stream()
            .filter(p -> name.map(p.name()::equals).orElseGet(() -> !p.name().equals(MEMORY)))
            .toList();
    if (fitting.size() == 1) {
      broken.forEach(error -> log.warn("A driver that is not used does not load", error));
      return fitting.get(0);
    }
    if (fitting.isEmpty() && !broken.isEmpty()) {
      Error error = broken.get(0);
      throw new ConfigurationException(
          "A driver does not load: "
              + (error instanceof LinkageError ? error : error.getMessage())
              + (error.getCause() == null ? "" : " (" + error.getCause() + ")")
              + ". Found "
              + describe(found)
              + ". Check that its jar is complete and made for this version of Pushwire",
          error);
    }
    throw new ConfigurationException(problem(name, found, fitting));
  }

  private static String problem(
      Optional<String> name,
      List<MessageDriverProvider> found,
      List<MessageDriverProvider> fitting) {
    if (name.isEmpty()) {
      return fitting.isEmpty()
          ? "No driver found. " + ADD_A_JAR + ", or set driver=memory if there is only one node"
          : "Several drivers found: "
              + describe(fitting)
              + ". Say which with driver=<name>, or remove the others' jars";
    }
    return fitting.isEmpty()
        ? "driver='"
            + name.get()
            + "' is not there. Found "
            + describe(found)
            + ". "
            + CORRECT_THE_NAME
        : "Several drivers are named '"
            + name.get()
            + "': "
            + describe(fitting)
            + ". Remove all their jars but one";
  }

  private void find(List<MessageDriverProvider> found, List<Error> broken) {
    Iterator<MessageDriverProvider> providers =
        ServiceLoader.load(MessageDriverProvider.class, classLoader).iterator();
    while (true) {
      try {
        if (!providers.hasNext()) {
          return;
        }
        found.add(providers.next());
      } catch (ServiceConfigurationError | LinkageError e) {
        broken.add(e); // a linkage error: the class is there, but not what it is made of
      }
    }
  }

  private static String describe(List<MessageDriverProvider> providers) {
    return providers.isEmpty()
        ? "none"
        : providers.stream()
            .map(p -> p.name() + " (" + p.getClass().getName() + ", " + origin(p.getClass()) + ")")
            .sorted()
            .collect(Collectors.joining("; "));
  }

  /** The jar that a class came from, by its file name. */
  static String origin(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    if (source == null || source.getLocation() == null) {
      return "unknown jar";
    }
    String path = source.getLocation().getPath().replaceAll("/$", "");
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
