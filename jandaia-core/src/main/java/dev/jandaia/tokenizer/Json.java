package dev.jandaia.tokenizer;

import dev.jandaia.tensor.JandaiaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A JSON value that knows where it came from, so that errors can say it. */
record Json(String path, JsonNode node) {
  static Json read(Path file) {
    try (var in = Files.newInputStream(file)) {
      return new Json(file.getFileName().toString(), JsonMapper.shared().readTree(in));
    } catch (IOException | JacksonException | StackOverflowError e) {
      throw new JandaiaException(file + ": not readable as JSON: " + firstLine(e), e);
    }
  }

  private static String firstLine(Throwable e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  /** A field; absent if missing or null. */
  Optional<Json> field(String name) {
    JsonNode child = node.get(name);
    return child == null || child.isNull()
        ? Optional.empty()
        : Optional.of(new Json(path + "." + name, child));
  }

  Json required(String name) {
    return field(name).orElseThrow(() -> wrong("a field '" + name + "'"));
  }

  String text(String name) {
    return required(name).text();
  }

  String text(String name, String otherwise) {
    return field(name).map(Json::text).orElse(otherwise);
  }

  boolean flag(String name, boolean otherwise) {
    return field(name).map(Json::flag).orElse(otherwise);
  }

  String text() {
    if (!node.isString()) {
      throw wrong("a string");
    }
    return node.stringValue();
  }

  boolean flag() {
    if (!node.isBoolean()) {
      throw wrong("true or false");
    }
    return node.booleanValue();
  }

  int integer() {
    if (!node.isIntegralNumber() || !node.canConvertToInt()) {
      throw wrong("an integer");
    }
    return node.intValue();
  }

  double number() {
    if (!node.isNumber()) {
      throw wrong("a number");
    }
    return node.doubleValue();
  }

  boolean isText() {
    return node.isString();
  }

  boolean isArray() {
    return node.isArray();
  }

  boolean isObject() {
    return node.isObject();
  }

  /** The elements of an array, lazily: vocabularies are long. */
  Iterable<Json> elements() {
    if (!node.isArray()) {
      throw wrong("an array");
    }
    return () -> {
      Iterator<JsonNode> each = node.iterator();
      return new Iterator<>() {
        private int index;

        @Override
        public boolean hasNext() {
          return each.hasNext();
        }

        @Override
        public Json next() {
          return new Json(path + "[" + index++ + "]", each.next());
        }
      };
    };
  }

  int size() {
    return node.size();
  }

  Json element(int index) {
    if (!node.isArray() || index >= node.size()) {
      throw wrong("an array of more than " + index + " elements");
    }
    return new Json(path + "[" + index + "]", node.get(index));
  }

  /** The fields of an object. */
  Iterable<Map.Entry<String, JsonNode>> fields() {
    if (!node.isObject()) {
      throw wrong("an object");
    }
    return node.properties();
  }

  /** An error that names this place and what is there. */
  JandaiaException wrong(String expected) {
    return new JandaiaException(
        path + ": expected " + expected + ", found " + Messages.shortened(shown()));
  }

  private String shown() {
    return switch (node.getNodeType()) {
      case OBJECT -> "an object of " + node.size();
      case ARRAY -> "an array of " + node.size();
      case MISSING -> "nothing";
      default -> node.toString();
    };
  }

  /** The {@code type} of a pipeline component. */
  String type() {
    return text("type");
  }

  JandaiaException unknownType(List<String> known) {
    return new JandaiaException(
        path + ".type: expected one of " + known + ", found " + Messages.shortened(type()));
  }
}
