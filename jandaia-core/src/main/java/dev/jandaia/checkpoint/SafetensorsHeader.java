package dev.jandaia.checkpoint;

import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.tensor.Shape;
import dev.jandaia.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the JSON header of a safetensors file says, checked against the bytes that are there. */
record SafetensorsHeader(Map<String, String> metadata, Map<String, Tensor> tensors) {
  static final String METADATA = "__metadata__";
  static final int LENGTH_BYTES = Long.BYTES;
  private static final long LONGEST_HEADER = 100_000_000;
  private static final ValueLayout.OfLong LENGTH =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private record Entry(Tensor tensor, long begin, long end) {}

  static SafetensorsHeader parse(FileBytes file) {
    long length = headerLength(file);
    JsonNode root = json(file, length);
    MemorySegment data = file.bytes().asSlice(LENGTH_BYTES + length);
    Map<String, String> metadata = Map.of();
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : root.properties()) {
      if (field.getKey().equals(METADATA)) {
        metadata = metadata(file, field.getValue());
      } else {
        entries.put(field.getKey(), entry(file, data, field.getKey(), field.getValue()));
      }
    }
    requireNoGapsOrOverlaps(file, entries, data.byteSize());
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    entries.forEach((name, entry) -> tensors.put(name, entry.tensor()));
    return new SafetensorsHeader(metadata, Collections.unmodifiableMap(tensors));
  }

  private static long headerLength(FileBytes file) {
    if (file.size() < LENGTH_BYTES) {
      throw bad(file, "header length: expected 8 bytes, found a file of " + file.size());
    }
    long length = file.bytes().get(LENGTH, 0);
    long limit = Math.min(LONGEST_HEADER, file.size() - LENGTH_BYTES);
    if (length < 0 || length > limit) {
      throw bad(
          file,
          "header length: expected at most %d bytes, found %s (not a safetensors file, or cut off)"
              .formatted(limit, Long.toUnsignedString(length)));
    }
    return length;
  }

  private static JsonNode json(FileBytes file, long length) {
    String text =
        Text.utf8(file.bytes().asSlice(LENGTH_BYTES, length))
            .orElseThrow(() -> bad(file, "header: expected UTF-8 text, found other bytes"));
    JsonNode root;
    try {
      root = JSON.readTree(text);
    } catch (JacksonException e) {
      throw new JandaiaException(
          file.origin() + ": header: expected JSON, found an error: " + e.getOriginalMessage(), e);
    }
    if (!root.isObject()) {
      throw bad(file, "header: expected a JSON object, found " + root.getNodeType());
    }
    return root;
  }

  private static Map<String, String> metadata(FileBytes file, JsonNode node) {
    if (!node.isObject()) {
      throw bad(file, METADATA + ": expected a JSON object, found " + node.getNodeType());
    }
    Map<String, String> metadata = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      if (!field.getValue().isString()) {
        throw bad(
            file,
            "%s %s: expected a string, found %s"
                .formatted(METADATA, Text.quote(field.getKey()), field.getValue().getNodeType()));
      }
      metadata.put(field.getKey(), field.getValue().stringValue());
    }
    return Collections.unmodifiableMap(metadata);
  }

  private static Entry entry(FileBytes file, MemorySegment data, String name, JsonNode node) {
    String where = "tensor " + Text.quote(name);
    DType dtype = dtype(file, where, node.path("dtype"));
    long[] dims = longs(file, where + ": shape", node.path("shape"));
    long[] offsets = longs(file, where + ": data_offsets", node.path("data_offsets"));
    if (offsets.length != 2 || offsets[0] > offsets[1] || offsets[1] > data.byteSize()) {
      throw bad(
          file,
          "%s: data_offsets: expected [begin, end] within %d bytes, found %s"
              .formatted(where, data.byteSize(), Arrays.toString(offsets)));
    }
    Shape shape = Layout.shape(file.origin(), name, dims);
    Layout.requireBytes(file.origin(), name, dtype, shape, offsets[1] - offsets[0]);
    MemorySegment slice = data.asSlice(offsets[0], offsets[1] - offsets[0]);
    return new Entry(new Tensor(name, dtype, shape, slice), offsets[0], offsets[1]);
  }

  private static DType dtype(FileBytes file, String where, JsonNode node) {
    String found = node.isString() ? node.stringValue() : "";
    return Stream.of(DType.values())
        .filter(dtype -> !dtype.isQuantised() && dtype.name().equals(found))
        .findFirst()
        .orElseThrow(() ->
            bad(
                file,
                "%s: dtype: expected F64, F32, F16, BF16, F8_*, I*, U8 or BOOL, found %s"
                    .formatted(where, Text.quote(found))));
  }

  private static long[] longs(FileBytes file, String where, JsonNode node) {
    boolean valid = node.isArray();
    for (JsonNode item : node) {
      valid &= item.isIntegralNumber() && item.canConvertToLong() && item.longValue() >= 0;
    }
    if (!valid) {
      throw bad(
          file,
          "%s: expected an array of integers >= 0, found %s"
              .formatted(where, Text.quote(node.toString())));
    }
    return node.valueStream().mapToLong(JsonNode::longValue).toArray();
  }

  private static void requireNoGapsOrOverlaps(
      FileBytes file, Map<String, Entry> entries, long dataBytes) {
    List<Entry> ordered =
        entries.values().stream()
            .sorted(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end))
            .toList();
    long expected = 0;
    for (Entry entry : ordered) {
      if (entry.begin() != expected) {
        throw bad(
            file,
            "tensor %s: expected data at offset %d (no gaps, no overlaps), found %d"
                .formatted(Text.quote(entry.tensor().name()), expected, entry.begin()));
      }
      expected = entry.end();
    }
    if (expected != dataBytes) {
      throw bad(file, "data: expected %d bytes, found %d".formatted(expected, dataBytes));
    }
  }

  private static JandaiaException bad(FileBytes file, String problem) {
    return new JandaiaException(file.origin() + ": " + problem);
  }
}
