package io.pushwire.server.http;

import java.io.StringWriter;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads requests as a stream and writes answers. Parser messages are never passed on: they quote.
 */
final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().configure(StreamReadFeature.STRICT_DUPLICATE_DETECTION, true).build();

  /** Takes one field of an object. */
  interface FieldReader {
    /**
     * @param name the field
     * @param value the first token of its value
     * @param in stands at that token, and must be left at the value's last one
     */
    void field(String name, JsonToken value, JsonParser in);
  }

  private Json() {}

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  static byte[] bytes(JsonNode json) {
    return MAPPER.writeValueAsBytes(json);
  }

  /**
   * Reads a body that must be one object.
   *
   * @param body the bytes
   * @param reader takes its fields; may throw {@link IllegalArgumentException} with what is
   *     expected
   * @throws HttpProblem 400, saying what is wrong
   */
  static void read(byte[] body, FieldReader reader) {
    try (JsonParser in = MAPPER.createParser(body)) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        throw HttpProblem.badRequest("The body must be a JSON object");
      }
      while (in.nextToken() != JsonToken.END_OBJECT) {
        reader.field(in.currentName(), in.nextToken(), in);
      }
      if (in.nextToken() != null) {
        throw HttpProblem.badRequest("The body goes on after its JSON object");
      }
    } catch (JacksonException e) {
      String where =
          e.getLocation() == null
              ? ""
              : " (line %d, column %d)"
                  .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
      throw HttpProblem.badRequest("The body is not valid JSON" + where);
    } catch (NumberFormatException e) {
      throw HttpProblem.badRequest("A number of the body is beyond all bounds"); // it quotes too
    } catch (IllegalArgumentException e) {
      throw HttpProblem.badRequest(String.valueOf(e.getMessage()));
    }
  }

  /** The text of a string; other kinds of values are no strings. */
  static String string(String field, JsonToken value, JsonParser in) {
    if (value != JsonToken.VALUE_STRING) {
      throw new IllegalArgumentException("'" + field + "' must be a string");
    }
    return in.getString();
  }

  /** The text of a string, or of a whole number: many backends have numbers for ids. */
  static String name(String field, JsonToken value, JsonParser in) {
    return value == JsonToken.VALUE_NUMBER_INT ? in.getString() : string(field, value, in);
  }

  /** Writes the value at which the parser stands without white space, numbers as they were. */
  static String compact(JsonParser in) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = MAPPER.createGenerator(text)) {
      int depth = 0;
      JsonToken token = in.currentToken();
      while (true) {
        copy(token, in, out);
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        if (depth == 0) {
          break;
        }
        token = in.nextToken();
      }
    }
    return text.toString();
  }

  private static void copy(JsonToken token, JsonParser in, JsonGenerator out) {
    switch (token) {
      case START_OBJECT -> out.writeStartObject();
      case END_OBJECT -> out.writeEndObject();
      case START_ARRAY -> out.writeStartArray();
      case END_ARRAY -> out.writeEndArray();
      case PROPERTY_NAME -> out.writeName(in.currentName());
      case VALUE_STRING -> out.writeString(in.getString());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> out.writeNumber(in.getString());
      case VALUE_TRUE -> out.writeBoolean(true);
      case VALUE_FALSE -> out.writeBoolean(false);
      case VALUE_NULL -> out.writeNull();
      default -> throw new IllegalStateException("JSON text has no " + token);
    }
  }
}
