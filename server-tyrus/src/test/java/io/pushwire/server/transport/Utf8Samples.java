package io.pushwire.server.transport;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is UTF-8 and what only looks like it, after Markus Kuhn's decoder stress test
 * (https://www.cl.cam.ac.uk/~mgk25/ucs/examples/UTF-8-test.txt), by Autobahn's numbers.
 */
final class Utf8Samples {
  static final byte[] GREEK = bytes("ceba e1bdb9 cf83 cebc ceb5");

  static final Map<String, List<byte[]>> VALID = new LinkedHashMap<>();
  static final Map<String, List<byte[]>> INVALID = new LinkedHashMap<>();

  static {
    valid("6.5", "68c2a277", "68e282ac77", "68f0a4ada277", "ceba e1bdb9 cf83 cebc ceb5");
    // the beginnings of the Greek word, cut between characters and within
    valid("6.6", "ceba", "ceba e1bdb9", "ceba e1bdb9 cf83", "ceba e1bdb9 cf83 cebc");
    invalid("6.6", "ce", "ceba e1", "ceba e1bd", "ceba e1bdb9 cf", "ceba e1bdb9 cf83 ce");
    // the first and the last of each length
    valid("6.7", "00", "c280", "e0a080", "f0908080");
    invalid("6.8", "f888808080", "fc8480808080");
    valid("6.9", "7f", "dfbf", "efbfbf", "f48fbfbf");
    invalid("6.10", "f7bfbfbf", "fbbfbfbfbf", "fdbfbfbfbfbf");
    valid("6.11", "ed9fbf", "ee8080", "efbfbd", "f48fbfbf");
    invalid("6.11", "f4908080");
    // continuation bytes without a start, starts without continuation
    invalid("6.12", "80", "bf", "80bf", "80bf80", "80bf80bf", "80bf80bf80", range(0x80, 0xBF, ""));
    invalid(
        "6.13",
        range(0xC0, 0xDF, "20"),
        range(0xE0, 0xEF, "20"),
        range(0xF0, 0xF7, "20"),
        range(0xF8, 0xFB, "20"),
        range(0xFC, 0xFD, "20"));
    // the last byte is missing
    invalid("6.14", "c0", "e080", "f08080", "f8808080", "fc80808080");
    invalid("6.14", "df", "efbf", "f7bfbf", "fbbfbfbf", "fdbfbfbfbf");
    invalid("6.15", "c0 e080 f08080 f8808080 fc80808080 df efbf f7bfbf fbbfbfbf fdbfbfbfbf");
    invalid("6.16", "fe", "ff", "fefeffff");
    // longer than need be
    invalid("6.17", "c0af", "e080af", "f08080af", "f8808080af", "fc80808080af");
    invalid("6.18", "c1bf", "e09fbf", "f08fbfbf", "f887bfbfbf", "fc83bfbfbfbf");
    invalid("6.19", "c080", "e08080", "f0808080", "f880808080", "fc8080808080");
    // surrogates, alone and in pairs
    invalid("6.20", "eda080", "edadbf", "edae80", "edafbf", "edb080", "edbe80", "edbfbf");
    invalid("6.21", "eda080edb080", "eda080edbfbf", "edadbfedb080", "edadbfedbfbf");
    invalid("6.21", "edae80edb080", "edae80edbfbf", "edafbfedb080", "edafbfedbfbf");
    // code points that are no characters
    valid("6.22", "efbfbe", "efbfbf");
    for (String start : List.of("f09f", "f0af", "f0bf", "f18f", "f29f", "f3af", "f3bf", "f48f")) {
      valid("6.22", start + "bfbe", start + "bfbf");
    }
    valid("6.23", "efbfb9", "efbfba", "efbfbb", "efbfbc", "efbfbd");
  }

  private Utf8Samples() {}

  private static void valid(String number, String... samples) {
    add(VALID, number, samples);
  }

  private static void invalid(String number, String... samples) {
    add(INVALID, number, samples);
  }

  private static void add(Map<String, List<byte[]>> to, String number, String... samples) {
    List<byte[]> all = to.computeIfAbsent(number, n -> new java.util.ArrayList<>());
    Arrays.stream(samples).map(Utf8Samples::bytes).forEach(all::add);
  }

  private static String range(int from, int to, String separator) {
    StringBuilder all = new StringBuilder();
    for (int i = from; i <= to; i++) {
      all.append(HexFormat.of().toHexDigits((byte) i)).append(separator);
    }
    return all.toString();
  }

  static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes, 0, Math.min(24, bytes.length));
  }

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    Arrays.stream(parts).forEach(all::writeBytes);
    return all.toByteArray();
  }
}
