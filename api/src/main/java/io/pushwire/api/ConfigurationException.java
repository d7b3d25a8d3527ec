package io.pushwire.api;

import java.util.List;

/**
 * The set-up is wrong. Lists everything that must be changed, not only the first problem found.
 *
 * @since 0.1
 */
public final class ConfigurationException extends PushwireException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  /**
   * @param problems one line each: the key, the value given, what is expected
   */
  public ConfigurationException(List<String> problems) {
    super(text(problems));
    this.problems = List.copyOf(problems);
  }

  /**
   * @param problem the only thing that must be changed
   */
  public ConfigurationException(String problem) {
    this(List.of(problem));
  }

  /**
   * @param problem the only thing that must be changed
   * @param cause why it failed
   */
  public ConfigurationException(String problem, Throwable cause) {
    super(problem, cause);
    this.problems = List.of(problem);
  }

  /**
   * @return one line for each thing that must be changed
   */
  public List<String> problems() {
    return problems;
  }

  private static String text(List<String> problems) {
    return problems.size() == 1
        ? problems.get(0)
        : problems.size() + " settings must be changed:\n  " + String.join("\n  ", problems);
  }
}
