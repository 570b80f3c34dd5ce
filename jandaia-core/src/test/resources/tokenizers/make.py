"""Writes the small tokenizers of this directory and the ids that the reference libraries give.

Needs `tokenizers` and `sentencepiece`. Usage: make.py OUT [ROWS] [SEED]
"""
import json, os, random, sys
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

out, rows, seed = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 12, int(sys.argv[3]) if len(sys.argv) > 3 else 1
rng = random.Random(seed)
CORPUS = [
    "The parakeet counts to 1234567 and says hello, world! It's what we've said; they'll agree, I'd say I'm sure.",
    "public static void main(String[] args) {\n\treturn a == b ? 1 : 20;\n}\n\n",
    "A jandaia é um periquito brasileiro; a ação não é só canção. Über größere Bäume fliegt er.",
    "Съешь ещё этих мягких булок. 今天天气很好，我们去公园。 これはペンです。 한국어 문장입니다。",
    "   several   spaces\t\ttabs\r\nlines \n \n  end  the the the counting counted counter the hello hello world",
] * 4
PARTS = ["the ", "Hello", " world", "counting", "1234567", "3.14", " ", "  ", "     ", "\n", "\r\n", "\n\n ", "\t", "'s", "'LL", "don't", "I'VE",
    "é", "e\u0301", "ação", "größer", "булок", "天气", "これは", "한국어", "🦜", "👩‍👩‍👧", "\u00a0", "\u3000", "\u200b", "!!", "?…", "(a+b)", "==", "_x_", "$9", "a_b", "ΑΒΓ", "ﬁ", "①²", "Ⅷ",
    "٣٤", "<s>", "</s>", "<|end|>", "<think>", "<mask>", "word", "<w>", "\u2581", "`~^|", "¡", "ǅ", "ʰ", "ไทย", "हिन्दी", "foo/bar", "http://x.y/z?q=1", "CamelCaseWORD", "\u0000", "\x7f", "\ufeff"]
FIXED = ["", " ", "Hello world", " the parakeet  counts ", "x<s>y</s> <|end|> z", "a <mask> b", "sword word <w> x<w>y", "<think>ok</think>", "12345678 1,234.5", "\n\n\na\n"]
def texts():
    return FIXED + ["".join(rng.choice(PARTS) for _ in range(rng.randint(1, 14))) for _ in range(rows)]

BYTES = pre_tokenizers.ByteLevel.alphabet()
GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
LLAMA3 = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
QWEN2 = LLAMA3.replace("{1,3}", "")
TEKKEN = r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
O200K = r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
DEEPSEEK3 = [r"\p{N}{1,3}", "[一-龥\u3040-ゟ゠-ヿ]+", "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\r\n]*|\\s*[\r\n]+|\\s+(?!\\S)|\\s+"]
CODER = ["[\r\n]", r"\s?\p{L}+", r"\s?\p{P}+", "[一-龥ࠀ-一가-\ud7ff]+"]
isolated = lambda *patterns: [pre_tokenizers.Split(Regex(p), "isolated") for p in patterns]
level = lambda regex=False, space=False: pre_tokenizers.ByteLevel(add_prefix_space=space, use_regex=regex)
SPECIAL = ["<s>", "</s>", "<|end|>"]

def bpe(pre, normalizer=None, decoder=None, alphabet=BYTES, size=420, special=SPECIAL, added=(), post=None, unk=None, trainer={}, fallback=False, **options):
    if fallback: special = ["<unk>"] + special + ["<0x%02X>" % b for b in range(256)]
    t = Tokenizer(models.BPE(unk_token=unk, **{k: v for k, v in options.items() if k.endswith("fix")}))
    if normalizer: t.normalizer = normalizer
    if pre: t.pre_tokenizer = pre
    t.train_from_iterator(CORPUS, trainers.BpeTrainer(vocab_size=size + (256 if fallback else 0), initial_alphabet=alphabet, special_tokens=special, show_progress=False, **trainer))
    d = json.loads(t.to_str())
    d["model"].update(options, byte_fallback=fallback)
    d["added_tokens"] = [a for a in d["added_tokens"] if not a["content"].startswith("<0x")]
    t = Tokenizer.from_str(json.dumps(d))
    t.decoder = decoder or decoders.ByteLevel()
    for a in added: (t.add_special_tokens if a.special else t.add_tokens)([a])
    if post: t.post_processor = post
    return t

S = pre_tokenizers.Sequence
bos = processors.TemplateProcessing(single="<s> $A", pair="<s> $A $B", special_tokens=[("<s>", 0)])
both = processors.TemplateProcessing(single="<s> $A </s>", pair="<s> $A </s> $B", special_tokens=[("<s>", 1), ("</s>", 2)])
sp_decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
signs = normalizers.Replace(" ", "▁")
think = [AddedToken("<think>", special=False, normalized=False), AddedToken("</think>", special=False, normalized=False)]
flags = [AddedToken("<mask>", lstrip=True, special=True, normalized=False), AddedToken("<w>", rstrip=True, special=False), AddedToken("word", single_word=True, special=False, normalized=True), AddedToken("hello", special=False, normalized=True)]

def unigram(normalizer, pre, decoder, fallback=False, size=300):
    t = Tokenizer(models.Unigram())
    if normalizer: t.normalizer = normalizer
    t.pre_tokenizer = pre
    special = ["<unk>"] + SPECIAL + (["<0x%02X>" % b for b in range(256)] if fallback else [])
    t.train_from_iterator(CORPUS, trainers.UnigramTrainer(vocab_size=size + (256 if fallback else 0), special_tokens=special, unk_token="<unk>", show_progress=False))
    d = json.loads(t.to_str()); d["model"]["byte_fallback"] = fallback
    d["added_tokens"] = [a for a in d["added_tokens"] if not a["content"].startswith("<0x")]
    t = Tokenizer.from_str(json.dumps(d)); t.decoder = decoder; t.post_processor = both
    return t

def word(kind, pre, normalizer=None):
    t = Tokenizer(models.WordPiece(unk_token="[UNK]") if kind == "piece" else models.WordLevel(unk_token="[UNK]"))
    t.pre_tokenizer = pre
    if normalizer: t.normalizer = normalizer
    trainer = trainers.WordPieceTrainer if kind == "piece" else trainers.WordLevelTrainer
    t.train_from_iterator(CORPUS, trainer(vocab_size=300, special_tokens=["[UNK]"] + SPECIAL, show_progress=False))
    if kind == "piece": t.decoder = decoders.WordPiece(cleanup=False)
    return t

def behavior(name, invert):
    return bpe(S([pre_tokenizers.Split(Regex(r"[aeiou]|\s"), name, invert), level()]), size=300)

def make():
    yield "gpt2", bpe(level(True))
    yield "gpt2-space", bpe(level(True, True), added=flags)
    yield "llama3", bpe(S(isolated(LLAMA3) + [level()]), ignore_merges=True, post=bos, added=think)
    yield "qwen2", bpe(S(isolated(QWEN2) + [level()]), normalizers.NFC(), added=think + flags)
    yield "tekken", bpe(S(isolated(TEKKEN) + [level()]))
    yield "o200k", bpe(S(isolated(O200K) + [level()]))
    yield "deepseek3", bpe(S(isolated(*DEEPSEEK3) + [level()]), normalizers.Sequence([]))
    yield "deepseek-coder", bpe(S(isolated(*CODER) + [pre_tokenizers.Digits(True), level()]))
    yield "starcoder", bpe(S([pre_tokenizers.Digits(True), level(True)]))
    yield "falcon", bpe(S([pre_tokenizers.Punctuation("contiguous"), level(True), pre_tokenizers.Digits(False), pre_tokenizers.Split(Regex("[0-9][0-9][0-9]"), "isolated")]))
    yield "llama2", bpe(None, normalizers.Sequence([normalizers.Prepend("▁"), signs]), sp_decoder, [], unk="<unk>", fuse_unk=True, fallback=True, post=both, added=flags, trainer={"max_token_length": 8})
    yield "llama2-first", bpe(pre_tokenizers.Metaspace("▁", "first", False), None, sp_decoder, [], unk="<unk>", fuse_unk=True, fallback=True, post=both, trainer={"max_token_length": 8})
    yield "gemma", bpe(pre_tokenizers.Split(" ", "merged_with_previous"), signs, decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()]), [], unk="<unk>", fuse_unk=True, fallback=True, trainer={"max_token_length": 8})
    yield "unknown", bpe(pre_tokenizers.Metaspace("▁", "always", True), None, decoders.Metaspace("▁", "always"), [], unk="<unk>", special=["<unk>"] + SPECIAL, trainer={"limit_alphabet": 40}, size=120)
    yield "clip", bpe(S([pre_tokenizers.WhitespaceSplit()]), normalizers.Lowercase(), decoders.BPEDecoder("</w>"), [], unk="<unk>", special=["<unk>"] + SPECIAL, end_of_word_suffix="</w>", trainer={"end_of_word_suffix": "</w>"}, size=200)
    yield "hash", bpe(pre_tokenizers.BertPreTokenizer(), None, decoders.WordPiece(cleanup=False), [], unk="<unk>", special=["<unk>"] + SPECIAL, continuing_subword_prefix="##", trainer={"continuing_subword_prefix": "##"}, size=300)
    yield "byte-normalizer", bpe(S(isolated(GPT2)), normalizers.ByteLevel())
    yield "nfkc-strip", bpe(S([level(True)]), normalizers.Sequence([normalizers.NFKC(), normalizers.Strip(), normalizers.Replace(Regex(r"\s{2,}"), " "), normalizers.Lowercase()]))
    yield "accents", bpe(S([pre_tokenizers.Whitespace(), level()]), normalizers.Sequence([normalizers.NFD(), normalizers.StripAccents()]))
    yield "unigram", unigram(normalizers.Sequence([normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]), pre_tokenizers.Metaspace(), decoders.Metaspace())
    yield "unigram-bytes", unigram(None, pre_tokenizers.Metaspace("▁", "always", False), sp_decoder, True)
    yield "wordpiece", word("piece", pre_tokenizers.BertPreTokenizer(), normalizers.BertNormalizer())
    yield "wordlevel", word("level", pre_tokenizers.Whitespace())
    for name in ["removed", "isolated", "merged_with_previous", "merged_with_next", "contiguous"]:
        for invert in [False, True]:
            yield "split-" + name + ("-inverted" if invert else ""), behavior(name, invert)

os.makedirs(out, exist_ok=True)
for name, t in make():
    d = json.loads(t.to_str())
    cases = []
    for text in texts():
        if name.startswith("unigram") and any(s in text for s in SPECIAL):
            continue  # the library lets unigram text become control tokens; we do not
        t.encode_special_tokens = True
        literal = t.encode(text, add_special_tokens=False).ids
        prompt = t.encode(text).ids
        t.encode_special_tokens = False
        markup = t.encode(text, add_special_tokens=False).ids
        cases.append({"text": text, "literal": literal, "markup": markup if markup != literal else None, "frame": [len(prompt) - len(literal), prompt[: 1], prompt[-1:]] if prompt != literal else None,
                      # the affixes of these two mark other things than spaces at the ends of a text
                      "decoded": None if name in ["clip", "hash"] else t.decode(literal, skip_special_tokens=True)})
    with open(f"{out}/{name}.json", "w") as f:
        json.dump(d, f, ensure_ascii=True, separators=(",", ":"))
    with open(f"{out}/{name}.rows.json", "w") as f:
        f.write("[\n" + ",\n".join(json.dumps({k: v for k, v in c.items() if v is not None}, separators=(",", ":")) for c in cases) + "\n]\n")

import sentencepiece
PIECES = ["   the  the\u3000the ", "①②ﬁ", "<sym>x", "a<sym><sym>", "１２３ＡＢＣ", "▁x"]
def pieces(name, **options):
    base = f"{out}/{name}"
    sentencepiece.SentencePieceTrainer.train(sentence_iterator=iter(l for c in CORPUS for l in c.split("\n")), model_prefix=base, minloglevel=2, hard_vocab_limit=False, num_threads=1, **options)
    os.remove(base + ".vocab")
    sp = sentencepiece.SentencePieceProcessor(model_file=base + ".model")
    cases = []
    for text in texts() + PIECES:
        text = text.replace("\0", "").replace("<s>", "").replace("</s>", "")
        if name == "sp-unigram-suffix": text = text.replace("▁", "")
        ids = sp.encode(text)
        cases.append({"text": text, "literal": ids} if sp.unk_id() in ids else {"text": text, "literal": ids, "decoded": sp.decode(ids)})
    with open(base + ".rows.json", "w") as f:
        f.write("[\n" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]\n")

with open(f"{out}/rules.tsv", "w") as f:
    for a, b in [("①", "1"), ("②", "2"), ("ﬁ", "fi"), ("１", "1"), ("Ａ", "a"), ("e\u0301", "é"), ("\u3000", " "), ("\t", " ")]:
        f.write(" ".join("%X" % ord(c) for c in a) + "\t" + " ".join("%X" % ord(c) for c in b) + "\n")
rules = {"normalization_rule_tsv": f"{out}/rules.tsv"}
plain = {"normalization_rule_name": "identity", "remove_extra_whitespaces": False}
pieces("sp-bpe", model_type="bpe", vocab_size=600, byte_fallback=True, **plain)
pieces("sp-bpe-symbols", model_type="bpe", vocab_size=360, user_defined_symbols=["<sym>", "▁▁", "count"], **plain)
pieces("sp-bpe-trimmed", model_type="bpe", vocab_size=360, user_defined_symbols=["<sym>"], **rules)
pieces("sp-bpe-bare", model_type="bpe", vocab_size=500, byte_fallback=True, add_dummy_prefix=False, split_digits=True, **plain)
pieces("sp-unigram", model_type="unigram", vocab_size=340, user_defined_symbols=["<sym>", "ing"], **rules)
pieces("sp-unigram-bytes", model_type="unigram", vocab_size=560, byte_fallback=True, **plain)
pieces("sp-unigram-suffix", model_type="unigram", vocab_size=340, treat_whitespace_as_suffix=True, **rules)
pieces("sp-char", model_type="char", vocab_size=300, **rules)
os.remove(f"{out}/rules.tsv")

likely = [0x41, 0x80, 0x8f, 0x9f, 0xa0, 0xbf, 0xc1, 0xc3, 0xe0, 0xed, 0xe2, 0xf0, 0xf4, 0xf5, 0x90]
with open(f"{out}/utf8.tsv", "w") as f:
    for _ in range(500):
        b = bytes(rng.choice(likely) for _ in range(rng.randint(1, 9)))
        f.write(b.hex() + "\t" + json.dumps(b.decode("utf-8", errors="replace")) + "\n")
