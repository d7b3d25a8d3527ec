package io.pushwire.testkit;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Finds the programs that tests start. */
final class Binaries {
  private Binaries() {}

  /**
   * The path of a program.
   *
   * @throws IllegalStateException if it is not there; says how to install it. A missing broker
   *     fails a test and never skips it
   */
  static String require(String program, String debianPackage) {
    String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
    return Stream.concat(Stream.of(path.split(File.pathSeparator)), Stream.of("/usr/sbin", "/sbin"))
        .map(directory -> Path.of(directory, program))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    program
                        + " is not on the PATH, and this test needs it. Install it:"
                        + " apt-get install "
                        + debianPackage))
        .toString();
  }
}
