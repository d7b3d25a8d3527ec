package io.pushwire.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pushwire.api.ConfigurationException;
import io.pushwire.core.memory.MemoryDriverProvider;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

public class DriverLoaderTest {
  private static final String MEMORY = MemoryDriverProvider.class.getName();
  private static final String CORRECT_THE_NAME =
      "Correct the name, or put that driver's jar on the class path";
  private static final String ADD_A_JAR =
      "Put the jar of one on the class path (pushwire-driver-redis-pubsub,"
          + " pushwire-driver-redis-queue, pushwire-driver-rabbitmq, or your own)";

  @TempDir Path directory;

  @Test
  void takesTheOnlyDriverThatIsThere() throws IOException {
    assertThat(load(Optional.empty(), MEMORY, Pigeon.class.getName())).isInstanceOf(Pigeon.class);
  }

  @Test
  void takesTheOneThatIsNamed() throws IOException {
    assertThat(load(Optional.of("memory"), MEMORY, Pigeon.class.getName(), Smoke.class.getName()))
        .isInstanceOf(MemoryDriverProvider.class);
  }

  @Test
  void findsTheMemoryDriverInCoreItself() {
    assertThat(new DriverLoader(getClass().getClassLoader()).load(Optional.of("memory")))
        .isInstanceOf(MemoryDriverProvider.class);
  }

  @Test
  void neverTakesTheMemoryDriverUnasked() {
    assertThatThrownBy(() -> load(Optional.empty(), MEMORY))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "No driver found. " + ADD_A_JAR + ", or set driver=memory if there is only one node");
  }

  @Test
  void saysThatSeveralAreThere() {
    assertThatThrownBy(() -> load(Optional.empty(), Pigeon.class.getName(), Smoke.class.getName()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "Several drivers found: pigeon (%s, %s); smoke (%s, %s). Say which with driver=<name>,"
                    .formatted(Pigeon.class.getName(), here(), Smoke.class.getName(), here())
                + " or remove the others' jars");
  }

  @Test
  void saysThatTheNamedOneIsNotThere() {
    assertThatThrownBy(() -> load(Optional.of("pigoen"), Pigeon.class.getName()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "driver='pigoen' is not there. Found pigeon (%s, %s). %s"
                .formatted(Pigeon.class.getName(), here(), CORRECT_THE_NAME));
  }

  @Test
  void saysThatNoneIsThereByThatName() {
    assertThatThrownBy(() -> load(Optional.of("pigeon")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("driver='pigeon' is not there. Found none. " + CORRECT_THE_NAME);
  }

  @Test
  void saysThatTwoHaveTheName() {
    assertThatThrownBy(
            () -> load(Optional.of("pigeon"), Pigeon.class.getName(), Impostor.class.getName()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "Several drivers are named 'pigeon': pigeon (%s, %s); pigeon (%s, %s)."
                    .formatted(Impostor.class.getName(), here(), Pigeon.class.getName(), here())
                + " Remove all their jars but one");
  }

  @Test
  void saysWhyTheDriverDoesNotLoad() {
    assertThatThrownBy(() -> load(Optional.of("broken"), Broken.class.getName(), MEMORY))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("A driver does not load: ")
        .hasMessageContaining(Broken.class.getName())
        .hasMessageContaining("no wings")
        .hasMessageContaining("Found memory (" + MEMORY)
        .hasMessageEndingWith(
            "Check that its jar is complete and made for this version of Pushwire")
        .hasRootCauseMessage("no wings");
  }

  @Test
  void saysThatAClassIsMissing() {
    assertThatThrownBy(() -> load(Optional.empty(), "org.example.Gone"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("A driver does not load: ")
        .hasMessageContaining("org.example.Gone");
  }

  @Test
  void saysThatWhatAClassIsMadeOfIsMissing() {
    assertThatThrownBy(() -> load(Optional.empty(), OnlyTheseServices.INCOMPLETE))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith(
            "A driver does not load: java.lang.NoClassDefFoundError: org/example/Missing. Found none.");
  }

  @Test
  void saysThatAServiceFileIsBroken() {
    assertThatThrownBy(() -> load(Optional.of("x"), "two words"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("A driver does not load: ")
        .hasMessageContaining("META-INF/services");
  }

  @Test
  void saysThatADriverLacksItsClient() {
    MessageDriverProvider lacking =
        new Pigeon() {
          @Override
          public MessageDriver open(DriverContext context) {
            throw new NoClassDefFoundError("org/example/Client");
          }
        };
    assertThatThrownBy(() -> PushwireNode.builder().driver(lacking).open())
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "The driver pigeon ("
                + here()
                + ") does not find what it needs: java.lang.NoClassDefFoundError:"
                + " org/example/Client. Put the jars that it depends on beside it");
  }

  @Test
  void doesNotMindADriverThatIsNotUsed() throws IOException {
    assertThat(load(Optional.of("pigeon"), Broken.class.getName(), Pigeon.class.getName()))
        .isInstanceOf(Pigeon.class);
  }

  private MessageDriverProvider load(Optional<String> name, String... providers)
      throws IOException {
    Path services = Files.createDirectories(directory.resolve("META-INF/services"));
    Files.write(services.resolve(MessageDriverProvider.class.getName()), Set.of(providers));
    URL[] only = {directory.toUri().toURL()};
    try (URLClassLoader loader = new OnlyTheseServices(only, getClass().getClassLoader())) {
      return new DriverLoader(loader).load(name);
    }
  }

  private static String here() {
    return DriverLoader.origin(Pigeon.class);
  }

  /** Has all classes, but the service files of one directory alone. */
  private static final class OnlyTheseServices extends URLClassLoader {
    static final String INCOMPLETE = "org.example.Incomplete";

    OnlyTheseServices(URL[] urls, ClassLoader parent) {
      super(urls, parent);
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      if (name.equals(INCOMPLETE)) {
        throw new NoClassDefFoundError("org/example/Missing");
      }
      return super.findClass(name);
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
      return findResources(name);
    }
  }

  public static class Pigeon implements MessageDriverProvider {
    public Pigeon() {}

    @Override
    public String name() {
      return "pigeon";
    }

    @Override
    public Set<Capability> capabilities() {
      return Set.of();
    }

    @Override
    public MessageDriver open(DriverContext context) {
      return new FakeDriver();
    }
  }

  public static class Impostor extends Pigeon {
    public Impostor() {}
  }

  public static class Smoke extends Pigeon {
    public Smoke() {}

    @Override
    public String name() {
      return "smoke";
    }
  }

  public static class Broken extends Pigeon {
    public Broken() {
      throw new IllegalStateException("no wings");
    }
  }
}
