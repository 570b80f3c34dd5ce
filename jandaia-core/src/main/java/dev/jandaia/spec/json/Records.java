package dev.jandaia.spec.json;

import dev.jandaia.spec.SpecException;
import dev.jandaia.spec.json.SpecJson.Place;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Records, sealed interfaces, enums, numbers, booleans, strings, lists and optionals to JSON trees
 * and back, by reflection over their components. A new spec record needs no line here.
 */
final class Records {
  private static final String TYPE = "type";
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private Records() {}

  static JsonNode toTree(Object value) {
    return switch (value) {
      case Record record -> object(record);
      case Enum<?> constant -> NODES.stringNode(constant.name());
      case String text -> NODES.stringNode(text);
      case Boolean flag -> NODES.booleanNode(flag);
      case Integer number -> NODES.numberNode(number);
      case Double number -> NODES.numberNode(number);
      case List<?> list -> array(list);
      default -> throw new IllegalArgumentException("no JSON form for " + value.getClass());
    };
  }

  private static ObjectNode object(Record record) {
    ObjectNode object = NODES.objectNode();
    variant(record.getClass()).ifPresent(sealed -> object.put(TYPE, name(record.getClass())));
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      Object value = valueOf(record, component);
      if (SpecJson.isLayers(elementType(component.getGenericType()))) {
        object.set(component.getName(), Runs.toTree((List<?>) value));
      } else if (value instanceof Optional<?> optional) {
        optional.ifPresent(present -> object.set(component.getName(), toTree(present)));
      } else {
        object.set(component.getName(), toTree(value));
      }
    }
    return object;
  }

  private static ArrayNode array(List<?> list) {
    ArrayNode array = NODES.arrayNode();
    list.forEach(element -> array.add(toTree(element)));
    return array;
  }

  static Object fromTree(JsonNode node, Type type, Place place) {
    if (type instanceof ParameterizedType) {
      return list(node, elementType(type), place);
    }
    Class<?> raw = (Class<?>) type;
    if (raw.isSealed()) {
      return record(node, chosen(node, raw, place), true, place);
    }
    if (raw.isRecord()) {
      return record(node, raw, variant(raw).isPresent() && node.has(TYPE), place);
    }
    return raw.isEnum() ? constant(node, raw, place) : scalar(node, raw, place);
  }

  private static Object list(JsonNode node, Class<?> element, Place place) {
    if (!node.isArray()) {
      throw place.bad("a list", node);
    }
    if (SpecJson.isLayers(element)) {
      return Runs.fromTree(node, element, place);
    }
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      values.add(fromTree(node.get(i), element, place.element(i)));
    }
    return values;
  }

  private static Object record(JsonNode node, Class<?> type, boolean typed, Place place) {
    if (!node.isObject()) {
      throw place.bad("an object", node);
    }
    RecordComponent[] components = type.getRecordComponents();
    refuseUnknown(node, components, typed, place);
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      values[i] = component(node.get(components[i].getName()), components[i], place);
    }
    return construct(type, components, values, place);
  }

  private static Object component(JsonNode node, RecordComponent component, Place place) {
    Place at = place.field(component.getName());
    if (component.getType() == Optional.class) {
      return node == null || node.isNull()
          ? Optional.empty()
          : Optional.of(fromTree(node, elementType(component.getGenericType()), at));
    }
    if (node == null) {
      throw at.bad(describe(component.getType()), null);
    }
    return fromTree(node, component.getGenericType(), at);
  }

  private static void refuseUnknown(
      JsonNode node, RecordComponent[] components, boolean typed, Place place) {
    Set<String> known = new LinkedHashSet<>();
    if (typed) {
      known.add(TYPE);
    }
    Arrays.stream(components).forEach(component -> known.add(component.getName()));
    node.properties()
        .forEach(property -> {
          if (!known.contains(property.getKey())) {
            throw place
                .field(property.getKey())
                .bad(
                    known.isEmpty() ? "no property" : "one of " + String.join(", ", known),
                    property.getValue());
          }
        });
  }

  private static Object construct(
      Class<?> type, RecordComponent[] components, Object[] values, Place place) {
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      return type.getDeclaredConstructor(types).newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof SpecException spec) {
        throw place.bad(spec);
      }
      throw new IllegalStateException(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Class<?> chosen(JsonNode node, Class<?> sealed, Place place) {
    List<Class<?>> variants = List.of(sealed.getPermittedSubclasses());
    String names = String.join(", ", variants.stream().map(Records::name).toList());
    JsonNode type = node.isObject() ? node.get(TYPE) : null;
    if (type == null) {
      throw place.bad("an object with type one of " + names, node);
    }
    return variants.stream()
        .filter(variant -> type.isString() && name(variant).equals(type.stringValue()))
        .findFirst()
        .orElseThrow(() -> place.field(TYPE).bad("one of " + names, type));
  }

  private static Object constant(JsonNode node, Class<?> type, Place place) {
    return Arrays.stream(type.getEnumConstants())
        .filter(c -> node.isString() && ((Enum<?>) c).name().equals(node.stringValue()))
        .findFirst()
        .orElseThrow(() -> place.bad(describe(type), node));
  }

  private static Object scalar(JsonNode node, Class<?> type, Place place) {
    if (type == int.class && node.isIntegralNumber() && node.canConvertToInt()) {
      return node.intValue();
    }
    if ((type == double.class || type == Double.class) && node.isNumber()) {
      return node.doubleValue();
    }
    if (type == boolean.class && node.isBoolean()) {
      return node.booleanValue();
    }
    if (type == String.class && node.isString()) {
      return node.stringValue();
    }
    throw place.bad(describe(type), node);
  }

  private static String describe(Class<?> type) {
    if (type == int.class) {
      return "an integer";
    }
    if (type == double.class || type == Double.class) {
      return "a number";
    }
    if (type == boolean.class) {
      return "true or false";
    }
    if (type == String.class) {
      return "a string";
    }
    if (type.isEnum()) {
      return "one of "
          + String.join(
              ", ", Arrays.stream(type.getEnumConstants()).map(Object::toString).toList());
    }
    return List.class.isAssignableFrom(type) ? "a list" : "an object";
  }

  /** The sealed interface a record is a variant of. */
  private static Optional<Class<?>> variant(Class<?> type) {
    return Arrays.stream(type.getInterfaces()).filter(Class::isSealed).findFirst();
  }

  private static String name(Class<?> variant) {
    return variant.getSimpleName();
  }

  /** T of a List&lt;T&gt; or Optional&lt;T&gt;; Void for other types. */
  private static Class<?> elementType(Type type) {
    return type instanceof ParameterizedType generic
        ? (Class<?>) generic.getActualTypeArguments()[0]
        : Void.class;
  }

  private static Object valueOf(Record record, RecordComponent component) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
