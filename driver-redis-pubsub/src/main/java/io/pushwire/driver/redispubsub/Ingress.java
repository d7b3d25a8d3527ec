package io.pushwire.driver.redispubsub;

import io.pushwire.api.Envelope;
import io.pushwire.api.Target;
import io.pushwire.core.ForbiddenException;
import io.pushwire.core.ForeignParser;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The channels that foreign programs publish to, and whom they stand for. Where the name of a
 * channel holds the topic or user, the channel is subscribed together with him and is for nobody
 * else. Channels with a fixed name are heard by every node that has connections.
 */
final class Ingress {
  static final String DEFAULT = "pub.{topic}=topic";
  static final String NONE = "none";

  private static final String TOPIC = "{topic}";
  private static final String USER = "{user}";

  private final ChannelNames names;
  private final List<Template> templates = new ArrayList<>();
  private final Map<String, Target> fixed = new HashMap<>();

  /**
   * Reads the setting.
   *
   * @throws IllegalArgumentException if an entry is wrong; the message says which and why
   */
  Ingress(List<String> entries, ChannelNames names) {
    this.names = names;
    for (String entry : entries) {
      int equals = entry.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException("'" + entry + "' is no source=target");
      }
      add(entry, entry.substring(0, equals).strip(), entry.substring(equals + 1).strip());
    }
  }

  private void add(String entry, String source, String target) {
    boolean topic = source.contains(TOPIC);
    boolean user = source.contains(USER);
    String placeholder = topic ? TOPIC : USER;
    int at = source.indexOf(placeholder);
    String channel = names.foreign(at < 0 ? source : source.substring(0, at));
    if (topic || user) {
      String after = source.substring(at + placeholder.length());
      if ((topic && user) || after.contains(placeholder)) {
        throw new IllegalArgumentException("'" + entry + "' has more than one placeholder");
      }
      if (!target.equals(topic ? "topic" : "user")) {
        throw new IllegalArgumentException(
            "'"
                + entry
                + "': a source with "
                + placeholder
                + " stands for '"
                + (topic ? "topic" : "user")
                + "', not '"
                + target
                + "'");
      }
      if (at == 0) {
        throw new IllegalArgumentException("'" + entry + "' needs text before " + placeholder);
      }
      checkFree(entry, channel, true);
      templates.add(new Template(channel, after, user));
    } else {
      checkFree(entry, channel, false);
      fixed.put(channel, fixedTarget(entry, target));
    }
  }

  private static Target fixedTarget(String entry, String target) {
    if (target.equals("everyone")) {
      return Target.everyone();
    } else if (target.startsWith("topic:")) {
      return Target.topic(target.substring("topic:".length()));
    }
    throw new IllegalArgumentException(
        "'" + entry + "': a source without placeholder stands for 'everyone' or 'topic:<name>'");
  }

  private void checkFree(String entry, String channel, boolean isBeginning) {
    if (isBeginning ? names.mayBeInternal(channel) : names.isInternal(channel)) {
      throw new IllegalArgumentException(
          "'" + entry + "' meets the channels of the nodes, " + names.prefix() + "…");
    }
    boolean taken =
        templates.stream()
                .anyMatch(
                    t ->
                        channel.startsWith(t.before)
                            || (isBeginning && t.before.startsWith(channel)))
            || fixed.keySet().stream()
                .anyMatch(f -> isBeginning ? f.startsWith(channel) : f.equals(channel));
    if (taken) {
      throw new IllegalArgumentException(
          "'" + entry + "' meets another source: a channel has one meaning");
    }
  }

  /** The foreign channels to be heard while a target is subscribed. */
  List<String> channels(Target target) {
    if (target instanceof Target.Everyone) {
      return List.copyOf(fixed.keySet());
    }
    List<String> channels = new ArrayList<>(1);
    for (Template template : templates) {
      String name = template.nameOf(target);
      if (name != null) {
        channels.add(template.before + name + template.after);
      }
    }
    return channels;
  }

  /**
   * Reads what came through a foreign channel.
   *
   * @throws io.pushwire.core.MalformedException if it cannot be read
   * @throws ForbiddenException if it may not say what it says, or the channel stands for nothing
   */
  List<Envelope> read(byte[] bytes, String channel, ForeignParser parser) {
    Target target = fixed.get(channel);
    if (target != null) {
      return parser.parse(bytes, channel, target);
    }
    for (Template template : templates) {
      Target one = template.targetOf(channel);
      if (one != null) {
        return List.of(parser.parseFor(bytes, channel, one));
      }
    }
    throw new ForbiddenException("Channel " + channel + " stands for nobody");
  }

  private record Template(String before, String after, boolean user) {
    @Nullable String nameOf(Target target) {
      if (user) {
        return target instanceof Target.User one ? one.id() : null;
      }
      return target instanceof Target.Topic one ? one.name() : null;
    }

    @Nullable Target targetOf(String channel) {
      int length = channel.length() - before.length() - after.length();
      if (length < 1 || !channel.startsWith(before) || !channel.endsWith(after)) {
        return null;
      }
      String name = channel.substring(before.length(), before.length() + length);
      return user ? Target.user(name) : Target.topic(name);
    }
  }
}
