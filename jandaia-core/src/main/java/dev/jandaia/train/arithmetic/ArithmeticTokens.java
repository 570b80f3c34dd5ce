package dev.jandaia.train.arithmetic;

import dev.jandaia.checkpoint.GgufValue;
import dev.jandaia.tokenizer.Tokenizer;
import dev.jandaia.tokenizer.Tokenizers;
import dev.jandaia.train.Example;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The vocabulary: one token per printable ASCII character, one for everything else, and three that
 * frame a conversation. It is defined as the GGUF metadata that travel with the model, and read
 * back from them, so that training sees the ids that everybody else will see.
 */
final class ArithmeticTokens {
  private static final String UNKNOWN = "<unk>";
  private static final String USER = "<|user|>";
  private static final String ASSISTANT = "<|assistant|>";
  private static final String END = "<|end|>";
  private static final List<String> CONTROLS = List.of(UNKNOWN, USER, ASSISTANT, END);

  /** Only the last message matters: the model remembers no conversation. */
  private static final String CHAT_TEMPLATE =
      USER + "{{ messages[-1].content | trim }}" + ASSISTANT;

  private static final long NORMAL_TYPE = 1;
  private static final long UNKNOWN_TYPE = 2;
  private static final long CONTROL_TYPE = 3;

  private final Tokenizer tokenizer;

  ArithmeticTokens() {
    Map<String, Object> plain = new HashMap<>();
    metadata().forEach((key, value) -> plain.put(key, value.value()));
    tokenizer = Tokenizers.fromGguf(plain);
  }

  /** The vocabulary as GGUF metadata. */
  static Map<String, GgufValue> metadata() {
    List<String> tokens = new ArrayList<>(CONTROLS);
    for (char c = ' '; c <= '~'; c++) {
      tokens.add(c == ' ' ? "\u2581" : String.valueOf(c));
    }
    long[] types = new long[tokens.size()];
    Arrays.fill(types, NORMAL_TYPE);
    Arrays.fill(types, 0, CONTROLS.size(), CONTROL_TYPE);
    types[CONTROLS.indexOf(UNKNOWN)] = UNKNOWN_TYPE;

    Map<String, GgufValue> metadata = new LinkedHashMap<>();
    metadata.put("tokenizer.ggml.model", GgufValue.of("llama"));
    metadata.put("tokenizer.ggml.tokens", GgufValue.strings(tokens.toArray(String[]::new)));
    metadata.put("tokenizer.ggml.scores", GgufValue.f32s(new double[tokens.size()]));
    metadata.put("tokenizer.ggml.token_type", GgufValue.i32s(types));
    metadata.put("tokenizer.ggml.unknown_token_id", id(UNKNOWN));
    metadata.put("tokenizer.ggml.eos_token_id", id(END));
    metadata.put("tokenizer.ggml.padding_token_id", id(END));
    metadata.put("tokenizer.ggml.add_bos_token", GgufValue.of(false));
    metadata.put("tokenizer.ggml.add_eos_token", GgufValue.of(false));
    metadata.put("tokenizer.ggml.add_space_prefix", GgufValue.of(false));
    metadata.put("tokenizer.chat_template", GgufValue.of(CHAT_TEMPLATE));
    return metadata;
  }

  private static GgufValue id(String control) {
    return GgufValue.u32(CONTROLS.indexOf(control));
  }

  Tokenizer tokenizer() {
    return tokenizer;
  }

  /** A question as the chat template frames it. */
  int[] prompt(String question) {
    return framed(USER, question, ASSISTANT);
  }

  /** A question with its answer; only the answer is to be learned. */
  Example example(String question, String answer) {
    int[] prompt = prompt(question);
    int[] completion = framed("", answer, END);
    int[] ids = Arrays.copyOf(prompt, prompt.length + completion.length);
    System.arraycopy(completion, 0, ids, prompt.length, completion.length);
    return new Example(ids, prompt.length);
  }

  private int[] framed(String before, String text, String after) {
    int[] inner = tokenizer.encode(text);
    int first = before.isEmpty() ? 0 : 1;
    int[] ids = new int[first + inner.length + 1];
    if (first == 1) {
      ids[0] = CONTROLS.indexOf(before);
    }
    System.arraycopy(inner, 0, ids, first, inner.length);
    ids[ids.length - 1] = CONTROLS.indexOf(after);
    return ids;
  }
}
