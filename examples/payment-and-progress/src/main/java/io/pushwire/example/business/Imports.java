package io.pushwire.example.business;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;

/** Reads price lists, as they come in, and says how far it is. */
final class Imports {
  private static final long STEP_NANOS = Duration.ofMillis(100).toNanos();

  private final Gateway gateway;

  Imports(Gateway gateway) {
    this.gateway = gateway;
  }

  /**
   * @param length of the file
   * @param file lines such as {@code 4711;12.50}; of any length in all, since none is kept
   * @return how many articles it had
   * @throws IOException saying which line is no article, or that the file broke off
   */
  int run(String user, long length, InputStream file) throws IOException {
    Progress progress = new Progress(user, length, file);
    int articles = 0;
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(progress, UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        check(line, articles + 1);
        articles++;
        progress.at(articles);
      }
      progress.end(articles, "");
      String text = String.format(Locale.ROOT, "%s has imported %,d prices.", user, articles);
      gateway.notice("{\"type\":\"notice\",\"text\":\"" + text + "\"}");
      return articles;
    } catch (IOException e) {
      progress.end(articles, String.valueOf(e.getMessage()));
      throw e;
    }
  }

  private static void check(String line, int number) throws IOException {
    String price = line.substring(line.indexOf(';') + 1);
    try {
      if (new BigDecimal(price).signum() >= 0 && price.length() < line.length()) {
        return;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new IOException("Line " + number + " is not like this: 4711;12.50");
  }

  /** Counts what was read, and tells it ten times a second at most, and always the last of it. */
  private final class Progress extends FilterInputStream {
    private final String user;
    private final long length;
    private long read;
    private long told = System.nanoTime() - STEP_NANOS;

    Progress(String user, long length, InputStream file) {
      super(file);
      this.user = user;
      this.length = length;
    }

    @Override
    public int read(byte[] bytes, int offset, int most) throws IOException {
      int n = super.read(bytes, offset, most);
      read += Math.max(0, n);
      return n;
    }

    void at(int articles) throws IOException {
      long now = System.nanoTime();
      if (now - told >= STEP_NANOS) {
        told = now;
        tell(Math.min(99, 100 * read / length), articles, "");
      }
    }

    void end(int articles, String failure) throws IOException {
      tell(failure.isEmpty() ? 100 : 100 * read / length, articles, failure);
    }

    private void tell(long percent, int articles, String failure) throws IOException {
      gateway.noticeTo(
          user,
          "{\"type\":\"import\",\"percent\":%d,\"articles\":%d,\"failure\":\"%s\"}"
              .formatted(percent, articles, failure.replaceAll("[\"\\\\\\p{Cntrl}]", " ")));
    }
  }
}
