/**
 * Text to token ids and back. {@link dev.jandaia.tokenizer.Tokenizers} reads the files of a model,
 * {@link dev.jandaia.tokenizer.Tokenizer} is the result.
 *
 * <p>Every kind of file becomes the same pipeline:
 *
 * <pre>
 *   text ─▶ AddedTokenMatcher ─▶ Normalizer ─▶ PreTokenizer ─▶ Model ─▶ ids
 *           finds whole tokens   rewrites      cuts pieces     BPE, unigram, words
 *   ids  ─▶ Vocabulary: bytes of each token ─▶ StreamingDecoder ─▶ text
 * </pre>
 *
 * <p>{@code HfTokenizer} reads tokenizer.json (its parts in {@code Json*}), {@code
 * SentencePieceTokenizer} tokenizer.model, {@code TekkenTokenizer} tekken.json, {@code
 * TiktokenTokenizer} rank files, {@code GgufTokenizer} the metadata of GGUF files. {@code
 * PrePatterns} holds the published patterns by name.
 */
package dev.jandaia.tokenizer;
