package dev.jandaia.tokenizer;

/** The last stage of encoding: cuts one pre-tokenized, normalised piece into ids. */
@FunctionalInterface
interface Model {
  void encode(String piece, IntList ids);
}
