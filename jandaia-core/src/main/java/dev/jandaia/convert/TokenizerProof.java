package dev.jandaia.convert;

import dev.jandaia.tokenizer.Specials;
import dev.jandaia.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Whether another form of a tokenizer reads texts into the same ids. */
final class TokenizerProof {
  /** Texts on which published tokenizers differ. */
  private static final List<String> PROBES =
      List.of(
          "Hello world",
          " Hello  world, it's WE'LL don't I'M   \n\n \t x\r\n\r\n  y\n",
          "1 12 123 1234 12345 3.14159, 2026-11-01 0x1F½ ²",
          "camelCase HTTPServer snake_case Ünïcödé straße ČESKÝ ñandú coração",
          "私は猫です。今日は2匹。 한국어 텍스트 русский текст العربية हिन्दी",
          "if (a != b && c[0] >= 1) { return \"x/y\\z\"; } // -- ... !!! ?! $5 #tag @me\n\n"
              + "/path/to",
          "🙂👍🏽 e\u200Bf … “quoted” – dash — ´`^~ <|im_start|> </s>",
          "    indented\n\tcode\n        more   \n");

  private final Tokenizer original;
  private final List<String> probes;

  TokenizerProof(Tokenizer original) {
    this.original = original;
    this.probes = probes(original);
  }

  /** The fixed texts, and what tokens of this vocabulary spell in any order. */
  private static List<String> probes(Tokenizer original) {
    List<String> probes = new ArrayList<>(PROBES);
    Random random = new Random(1);
    for (int i = 0; i < 200; i++) {
      probes.add(original.decode(random.ints(8, 0, original.vocabSize()).toArray()));
    }
    return probes;
  }

  /** Whether {@code candidate} encodes as the original does. */
  boolean readsTheSame(Tokenizer candidate) {
    for (Specials specials : Specials.values()) {
      for (String probe : probes) {
        if (!Arrays.equals(original.encode(probe, specials), candidate.encode(probe, specials))) {
          return false;
        }
      }
    }
    return true;
  }

  /** Whether {@code candidate} encodes, decodes and stops as the original does. */
  boolean isSame(Tokenizer candidate) {
    return meansTheSame(candidate) && readsTheSame(candidate) && spellsTheSame(candidate);
  }

  /** Whether whole texts come out alike, the space at their start included. */
  private boolean spellsTheSame(Tokenizer candidate) {
    return probes.stream()
        .map(original::encode)
        .allMatch(ids -> original.decode(ids).equals(candidate.decode(ids)));
  }

  /** Whether all ids mean in {@code candidate} what they mean in the original. */
  private boolean meansTheSame(Tokenizer candidate) {
    if (candidate.vocabSize() != original.vocabSize()) {
      return false;
    }
    for (int id = 0; id < original.vocabSize(); id++) {
      if (!Arrays.equals(original.bytes(id), candidate.bytes(id))
          || original.isSpecial(id) != candidate.isSpecial(id)) {
        return false;
      }
    }
    return original.endOfGeneration().equals(candidate.endOfGeneration())
        && original.chatTemplate().equals(candidate.chatTemplate());
  }
}
