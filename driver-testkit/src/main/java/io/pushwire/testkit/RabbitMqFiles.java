package io.pushwire.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a private RabbitMQ reads before it starts. */
final class RabbitMqFiles {
  private RabbitMqFiles() {}

  /**
   * @param distribution the port that other Erlang programs reach it by
   * @param config more lines of its configuration
   * @return its environment
   */
  static Map<String, String> write(Path directory, int port, int distribution, List<String> config)
      throws IOException {
    Path cookie = Files.writeString(directory.resolve(".erlang.cookie"), ErlCall.COOKIE);
    Files.setPosixFilePermissions(cookie, PosixFilePermissions.fromString("r--------"));
    List<String> lines = new ArrayList<>();
    lines.add("listeners.tcp.1 = 127.0.0.1:" + port);
    lines.add("vm_memory_high_watermark.absolute = 512MB");
    lines.add("disk_free_limit.absolute = 50MB");
    lines.addAll(config);
    Map<String, String> env = new HashMap<>();
    env.put("HOME", directory.toString());
    env.put("RABBITMQ_CONF_ENV_FILE", Files.createFile(directory.resolve("env")).toString());
    env.put("RABBITMQ_CONFIG_FILE", Files.write(directory.resolve("r.conf"), lines).toString());
    env.put(
        "RABBITMQ_ENABLED_PLUGINS_FILE",
        Files.writeString(directory.resolve("plugins"), "[].").toString());
    env.put("RABBITMQ_NODENAME", "r" + port + "@localhost");
    env.put("RABBITMQ_NODE_PORT", Integer.toString(port));
    env.put("RABBITMQ_DIST_PORT", Integer.toString(distribution));
    env.put("RABBITMQ_MNESIA_BASE", directory.resolve("data").toString());
    env.put("RABBITMQ_LOG_BASE", directory.resolve("log").toString());
    env.put("RABBITMQ_PID_FILE", directory.resolve("pid").toString());
    // no epmd, which would outlive the test; no busy waiting, which would take its processors
    env.put(
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
        "-start_epmd false -erl_epmd_port "
            + distribution
            + " +S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none"
            + " -kernel inet_dist_use_interface {127,0,0,1}");
    return env;
  }
}
