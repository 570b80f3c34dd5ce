package dev.jandaia.checkpoint;

import dev.jandaia.tensor.DType;
import dev.jandaia.tensor.JandaiaException;
import dev.jandaia.tensor.Shape;
import dev.jandaia.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the header of one GGUF file says, checked against the bytes that are there. */
record GgufHeader(int version, Map<String, GgufValue> metadata, Map<String, Tensor> tensors) {
  static final int MAGIC = 'G' | 'G' << 8 | 'U' << 16 | 'F' << 24;
  static final String ALIGNMENT = "general.alignment";
  static final int DEFAULT_ALIGNMENT = 32;
  private static final long GREATEST_ALIGNMENT = 1 << 20;
  private static final int MOST_DIMS = 4;
  private static final int LEAST_TENSOR_BYTES = 8 + 4 + 4 + 8;

  private record Info(String name, DType dtype, Shape shape, long offset, long bytes) {}

  static GgufHeader parse(FileBytes file) {
    GgufCursor cursor = new GgufCursor(file);
    int version = version(cursor);
    int tensorCount = cursor.count("tensor count", LEAST_TENSOR_BYTES, Integer.MAX_VALUE);
    int pairs = GgufMetadataReader.pairCount(cursor);
    Map<String, GgufValue> metadata = GgufMetadataReader.read(cursor, pairs);
    long alignment = alignment(cursor, metadata);
    List<Info> infos = new ArrayList<>();
    for (int i = 0; i < tensorCount; i++) {
      infos.add(info(file, cursor, alignment));
    }
    long dataStart = (cursor.position() + alignment - 1) / alignment * alignment;
    return new GgufHeader(version, metadata, tensors(file, infos, dataStart));
  }

  private static int version(GgufCursor cursor) {
    int magic = cursor.i32("magic");
    if (magic != MAGIC) {
      throw cursor.bad("magic", "GGUF", "%08x (not a GGUF file)".formatted(magic));
    }
    int version = cursor.i32("version");
    if (version != 0 && (version & 0xFFFF) == 0) {
      throw cursor.bad("version", "a little-endian file", "a big-endian one");
    }
    if (version != 2 && version != 3) {
      throw cursor.bad("version", "2 or 3", Integer.toUnsignedString(version));
    }
    return version;
  }

  private static long alignment(GgufCursor cursor, Map<String, GgufValue> metadata) {
    GgufValue value = metadata.get(ALIGNMENT);
    if (value == null) {
      return DEFAULT_ALIGNMENT;
    }
    if (value.value() instanceof Long alignment
        && Long.bitCount(alignment) == 1
        && alignment > 0
        && alignment <= GREATEST_ALIGNMENT) {
      return alignment;
    }
    throw cursor.bad(
        ALIGNMENT, "a power of two up to " + GREATEST_ALIGNMENT, Text.quote("" + value.value()));
  }

  private static Info info(FileBytes file, GgufCursor cursor, long alignment) {
    String name = cursor.string("tensor name");
    String field = "tensor " + Text.quote(name);
    Shape shape = Layout.shape(file.origin(), name, dims(cursor, field));
    int typeId = cursor.i32(field + " type");
    DType dtype =
        GgmlTypes.dtype(typeId)
            .orElseThrow(() -> cursor.bad(field + " type", "a known type id", typeId));
    long offset = cursor.u64(field + " offset");
    if (offset % alignment != 0) {
      throw cursor.bad(field + " offset", "a multiple of " + alignment, offset);
    }
    return new Info(name, dtype, shape, offset, Layout.bytes(file.origin(), name, dtype, shape));
  }

  /** GGUF writes the innermost extent first; our shapes have it last. */
  private static long[] dims(GgufCursor cursor, String field) {
    int rank = cursor.i32(field + " rank");
    if (rank < 0 || rank > MOST_DIMS) {
      throw cursor.bad(field + " rank", "0 to " + MOST_DIMS, Integer.toUnsignedString(rank));
    }
    long[] dims = new long[rank];
    for (int i = rank - 1; i >= 0; i--) {
      dims[i] = cursor.u64(field + " shape");
    }
    return dims;
  }

  private static Map<String, Tensor> tensors(FileBytes file, List<Info> infos, long dataStart) {
    long dataBytes = Math.max(0, file.size() - dataStart);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Info info : infos) {
      if (info.bytes() > dataBytes || info.offset() > dataBytes - info.bytes()) {
        throw new JandaiaException(
            "%s: tensor %s: expected %d bytes at data offset %d, found only %d bytes of data"
                .formatted(
                    file.origin(),
                    Text.quote(info.name()),
                    info.bytes(),
                    info.offset(),
                    dataBytes));
      }
      Tensor tensor =
          new Tensor(
              info.name(),
              info.dtype(),
              info.shape(),
              file.bytes().asSlice(Math.min(dataStart, file.size()) + info.offset(), info.bytes()));
      if (tensors.put(info.name(), tensor) != null) {
        throw new JandaiaException(
            "%s: tensor %s: expected once, found twice"
                .formatted(file.origin(), Text.quote(info.name())));
      }
    }
    requireNoOverlaps(file, infos);
    return tensors;
  }

  private static void requireNoOverlaps(FileBytes file, List<Info> infos) {
    List<Info> ordered =
        infos.stream()
            .sorted(Comparator.comparingLong(Info::offset).thenComparingLong(Info::bytes))
            .toList();
    long end = 0;
    for (Info info : ordered) {
      if (info.offset() < end) {
        throw new JandaiaException(
            "%s: tensor %s: expected data at offset %d or later (no overlaps), found %d"
                .formatted(file.origin(), Text.quote(info.name()), end, info.offset()));
      }
      end = info.offset() + info.bytes();
    }
  }
}
