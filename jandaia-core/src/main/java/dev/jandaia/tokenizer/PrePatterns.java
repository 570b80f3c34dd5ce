package dev.jandaia.tokenizer;

import dev.jandaia.tensor.JandaiaException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The published pre-tokenizers of byte-level BPE models, by the names that GGUF files use in {@code
 * tokenizer.ggml.pre}. Where the patterns of a GGUF tool and of the model's own tokenizer.json
 * differ, these are the model's.
 */
final class PrePatterns {
  private static final String GPT2 =
      "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

  private static final String CONTRACTION = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
  private static final String WORD = "[^\\r\\n\\p{L}\\p{N}]?\\p{L}+";
  private static final String SIGNS = " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*";
  private static final String SPACES = "\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  /**
   * Not inside a run of spaces: where the search for a line end failed at the start of the run, it
   * would fail again, at quadratic cost, at each of the pieces that the run is cut into.
   */
  private static final String AFRESH = "(?<![^\\S\\r\\n])";

  private static final String CL100K = cl100k("\\p{N}{1,3}");
  private static final String QWEN2 = cl100k("\\p{N}");

  private static final String UPPER = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
  private static final String LOWER = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
  private static final String TEKKEN = cased(UPPER, LOWER, "", "\\p{N}", "[\\r\\n/]*");
  private static final String O200K =
      cased(UPPER, LOWER, CONTRACTION + "?", "\\p{N}{1,3}", "[\\r\\n/]*");
  private static final String KIMI =
      "\\p{Han}+|"
          + cased(
              "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}&&[^\\p{Han}]]",
              "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}&&[^\\p{Han}]]",
              CONTRACTION + "?",
              "\\p{N}{1,3}",
              "[\\r\\n]*");

  private static final String ASCII_SIGN_WORD =
      "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+";
  private static final String DEEPSEEK3 =
      ASCII_SIGN_WORD
          + "|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|"
          + SPACES;
  private static final String IDEOGRAPHS_AND_KANA = "[\u4E00-\u9FA5\u3040-\u309F\u30A0-\u30FF]+";
  private static final String IDEOGRAPHS_AND_HANGUL = "[\u4E00-\u9FA5\u0800-\u4E00\uAC00-\uD7FF]+";

  /** Cased letters of Latin, Greek, Cyrillic, Armenian, Georgian, Cherokee and more. */
  private static final String CASED_LETTERS =
      "["
          + "A-Za-z\u00B5\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u01BA\u01BC-\u01BF"
          + "\u01C4-\u0293\u0295-\u02AF\u0370-\u0373\u0376\u0377\u037B-\u037D\u037F"
          + "\u0386\u0388-\u038A\u038C\u038E-\u03A1\u03A3-\u03F5\u03F7-\u0481"
          + "\u048A-\u052F\u0531-\u0556\u10A0-\u10C5\u13A0-\u13F5\u13F8-\u13FD"
          + "\u1C90-\u1CBA\u1CBD-\u1CBF\u1D00-\u1D2B\u1D6B-\u1D77\u1D79-\u1D9A"
          + "\u1E00-\u1F15\u1F18-\u1F1D\u1F20-\u1F45\u1F48-\u1F4D\u1F50-\u1F57\u1F59"
          + "\u1F5B\u1F5D\u1F5F-\u1F7D\u1F80-\u1FB4\u1FB6-\u1FBC\u1FBE\u1FC2-\u1FC4"
          + "\u1FC6-\u1FCC\u1FD0-\u1FD3\u1FD6-\u1FDB\u1FE0-\u1FEC\u1FF2-\u1FF4"
          + "\u1FF6-\u1FFC\u2102\u2107\u210A-\u2113\u2115\u2119-\u211D\u2124\u2126"
          + "\u2128\u212A-\u212D\u212F-\u2134\u2139\u213C-\u213F\u2145-\u2149\u214E"
          + "\u2183\u2184\u2C00-\u2C7B\u2C7E-\u2CE4\u2CEB-\u2CEE\u2CF2\u2CF3"
          + "\uA640-\uA66D\uA680-\uA69B\uA722-\uA76F\uA771-\uA787\uA78B-\uA78E"
          + "\uAB70-\uABBF\uFB00-\uFB06\uFB13-\uFB17\uFF21-\uFF3A\uFF41-\uFF5A"
          + "\uD801\uDC00-\uD801\uDC4F\uD801\uDCB0-\uD801\uDCD3"
          + "\uD801\uDCD8-\uD801\uDCFB\uD803\uDC80-\uD803\uDCB2"
          + "\uD803\uDCC0-\uD803\uDCF2\uD806\uDCA0-\uD806\uDCDF"
          + "\uD83A\uDD00-\uD83A\uDD43"
          + "]";

  private static final String NOT_PUNCTUATED =
      " ?[^(\\s|.,!?\u2026\u3002\uFF0C\u3001\u0964\u06D4\u060C)]+";

  private static final Map<String, PrePattern> KNOWN = known();

  /**
   * One named pre-tokenizer.
   *
   * @param patterns applied one after the other, each cutting at its matches
   * @param wholeFirst whether a piece that is a token needs no merging
   * @param addsBos whether prompts begin with BOS unless the file says otherwise
   */
  record PrePattern(List<String> patterns, boolean wholeFirst, boolean addsBos) {

    /** Its steps, the one to the byte alphabet included. */
    PreTokenizer preTokenizer() {
      List<PreTokenizer> steps = new ArrayList<>();
      for (String pattern : patterns) {
        steps.add(Split.isolated(pattern));
      }
      steps.add(PreTokenizer.byteLevel());
      return PreTokenizer.sequence(steps);
    }
  }

  private PrePatterns() {}

  /** The pre-tokenizer of that name. */
  static PrePattern named(String name) {
    PrePattern pattern = KNOWN.get(name);
    if (pattern == null) {
      throw new JandaiaException(
          "tokenizer.ggml.pre: unknown pre-tokenizer "
              + Messages.shortened(name)
              + ", known are "
              + String.join(", ", names()));
    }
    return pattern;
  }

  static Set<String> names() {
    return new TreeSet<>(KNOWN.keySet());
  }

  /** The pattern of GPT-2, which the ByteLevel step of tokenizer.json applies by itself. */
  static PreTokenizer gpt2() {
    return Split.isolated(GPT2);
  }

  private static String cl100k(String numbers) {
    return String.join("|", CONTRACTION, WORD, numbers, SIGNS, SPACES);
  }

  private static String cased(
      String upper, String lower, String ending, String numbers, String afterSigns) {
    String lead = "[^\\r\\n\\p{L}\\p{N}]?";
    return String.join(
        "|",
        lead + upper + "*" + lower + "+" + ending,
        lead + upper + "+" + lower + "*" + ending,
        numbers,
        " ?[^\\s\\p{L}\\p{N}]+" + afterSigns,
        SPACES);
  }

  private static Map<String, PrePattern> known() {
    Map<String, PrePattern> known = new HashMap<>();
    gpt2Like(known);
    cl100kLike(known);
    casedLike(known);
    deepseekLike(known);
    others(known);
    return Map.copyOf(known);
  }

  private static void gpt2Like(Map<String, PrePattern> known) {
    add(
        known,
        plain(GPT2),
        "gpt-2",
        "phi-2",
        "mpt",
        "olmo",
        "jais",
        "trillion",
        "granite-docling",
        "jina-es",
        "jina-de",
        "jina-v1-en",
        "jina-v2-es",
        "jina-v2-de",
        "jina-v2-code",
        "roberta-bpe",
        "modern-bert",
        "gigachat",
        "a.x-4.0",
        "mellum",
        "exaone4");
    add(
        known,
        plain("\\p{N}", GPT2),
        "starcoder",
        "refact",
        "command-r",
        "smollm",
        "codeshell",
        "exaone",
        "minerva-7b",
        "mellum2");
    add(known, plain("[\\p{P}$+<=>^~|`]+", GPT2, "[0-9][0-9][0-9]"), "falcon");
    add(known, plain("[\\p{P}$+<=>^~|]+", GPT2, "\\p{N}+", "[0-9][0-9][0-9]"), "default");
    add(
        known,
        new PrePattern(
            List.of(
                "<sentinel:[0-9]+>",
                "IMGIMG[A-I]{1,4}Z",
                "[\\t\\n]|    |  ",
                "\\p{N}",
                "[\\p{P}!-/:-@\\[-`{-~]",
                GPT2),
            false,
            true),
        "chameleon");
  }

  private static void cl100kLike(Map<String, PrePattern> known) {
    add(
        known,
        new PrePattern(List.of(CL100K), true, true),
        "llama3",
        "llama-v3",
        "llama-bpe",
        "falcon3",
        "falcon-h1",
        "pixtral",
        "midm-2.0",
        "lfm2",
        "jina-v5-nano");
    add(known, plain(CL100K), "dbrx", "smaug-bpe", "glm4", "chatglm-bpe");
    add(
        known,
        plain(QWEN2),
        "qwen2",
        "deepseek-r1-qwen",
        "kormo",
        "f2llmv2",
        "megrez",
        "stablelm2",
        "hunyuan",
        "solar-open",
        "grok-2");
    add(
        known,
        plain(
            String.join(
                "|",
                CONTRACTION,
                "[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+",
                "\\p{N}",
                " ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*",
                SPACES)),
        "qwen35");
    add(known, new PrePattern(List.of("\\p{N}{1,3}", cl100k("\\p{N}+")), true, false), "minicpm5");
    add(known, plain("[^\\n]+|[\\n]+", QWEN2), "laguna");
    add(known, plain(String.join("|", WORD, "\\p{N}", SIGNS, SPACES)), "ufakzeka");
    add(
        known,
        plain(String.join("|", CONTRACTION, WORD, "\\p{N}", " ?[^\\s\\p{L}\\p{N}\\r\\n]+", SPACES)),
        "seed-coder");
    add(
        known,
        plain(
            "'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}+|\\p{N}"
                + "| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*|\\s*[\\r\\n]|\\s+(?!\\S)|\\s+"),
        "bailingmoe",
        "bailingmoe2",
        "llada-moe");
    add(
        known,
        plain(
            CONTRACTION
                + "|[^\\r\\n\\p{L}\\p{N}]?(?:\\p{L}\\p{M}*+(?: \\p{L}\\p{M}*+)*+)++|\\p{N}"
                + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]?|\\s*[\\r\\n]|\\s+(?!\\S)|\\s+"),
        "exaone-moe");
    add(
        known,
        plain(
            String.join(
                "|",
                CONTRACTION,
                WORD,
                "\\p{N}{1,3}",
                SIGNS,
                AFRESH + "\\s*[\\r\\n]+",
                "\\s{512}(?!\\S)",
                "\\s{256}(?!\\S)",
                "\\s{128}(?!\\S)",
                "\\s{64}(?!\\S)",
                "\\s{32}(?!\\S)",
                "\\s{16}(?!\\S)",
                "\\s{8}(?!\\S)",
                "\\s{4}(?!\\S)",
                "\\s{1,2}(?!\\S)",
                "\\s")),
        "jais-2");
  }

  private static void casedLike(Map<String, PrePattern> known) {
    add(known, new PrePattern(List.of(TEKKEN), true, true), "tekken");
    add(known, plain(O200K), "gpt-4o", "llama4", "kanana2", "talkie", "minimax-m2");
    add(known, new PrePattern(List.of(O200K), true, false), "granite-embed-multi-97m");
    add(known, plain("\\d{1,3}(?=(?:\\d{3})*\\b)", O200K), "tiny_aya", "cohere2moe");
    add(known, plain(KIMI), "kimi-k2");
    add(
        known,
        new PrePattern(
            List.of(
                "[\uAC00-\uD7A3\u3131-\u318E]+|[\uFF01\u2026\u201C\u201D\u2018\u2019\u2014\uFF1A\uFF1B\uFF0C"
                    + "\u3001-\u303F\uFE30-\uFE4F]+|[\u3105-\u312F]+|"
                    + IDEOGRAPHS_AND_KANA,
                cased(UPPER, LOWER, CONTRACTION + "?", "\\p{N}", "[\\r\\n/]*")),
            true,
            false),
        "youtu");
  }

  private static void deepseekLike(Map<String, PrePattern> known) {
    add(
        known,
        plain(
            "[\\r\\n]",
            "\\s?" + CASED_LETTERS + "+",
            "\\s?[!-/:-~\uFF01-\uFF0F\uFF1A-\uFF5E\u2018-\u201F\u3000-\u3002]+",
            "\\s+$",
            IDEOGRAPHS_AND_HANGUL,
            "\\p{N}"),
        "deepseek-llm");
    add(
        known,
        plain("[\\r\\n]", "\\s?\\p{L}+", "\\s?\\p{P}+", IDEOGRAPHS_AND_HANGUL, "\\p{N}"),
        "deepseek-coder");
    add(
        known,
        plain("\\p{N}{1,3}", IDEOGRAPHS_AND_KANA, DEEPSEEK3),
        "deepseek-v3",
        "hunyuan-dense",
        "joyai-llm",
        "hy_v4");
    add(
        known,
        plain(
            "\\p{N}{1,3}",
            IDEOGRAPHS_AND_KANA,
            ASCII_SIGN_WORD
                + "|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+"
                + "|[\\r\\n]|\\s+(?!\\S)|\\s+",
            "\\p{N}"),
        "spark2_5");
  }

  private static void others(Map<String, PrePattern> known) {
    add(known, plain(NOT_PUNCTUATED), "bloom", "poro-chat", "gpt3-finnish");
    add(known, plain(NOT_PUNCTUATED, "\\p{N}"), "viking");
    add(known, plain("\\p{N}+", "(?=(\\d{3})+(?!\\d))"), "superbpe");
  }

  private static PrePattern plain(String... patterns) {
    return new PrePattern(List.of(patterns), false, false);
  }

  private static void add(Map<String, PrePattern> known, PrePattern pattern, String... names) {
    for (String name : names) {
      known.put(name, pattern);
    }
  }
}
