package io.pushwire.server;

import picocli.CommandLine.IVersionProvider;

/** What runs: from the jar's manifest. */
final class Version implements IVersionProvider {
  static String product() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "(development)" : version;
  }

  @Override
  public String[] getVersion() {
    return new String[] {
      "Pushwire " + product(),
      "JVM " + Runtime.version() + " (" + System.getProperty("java.vendor") + ")"
    };
  }
}
