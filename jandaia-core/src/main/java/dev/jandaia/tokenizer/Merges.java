package dev.jandaia.tokenizer;

/**
 * Which two neighbouring symbols merge, into what, and how urgently. A symbol is a token id, or
 * {@code −1 − codePoint} for a character that is no token itself but may be part of one.
 */
interface Merges {
  /** The merge of two symbols, or −1. */
  int find(int left, int right);

  /** The smaller, the more urgent. */
  int priority(int merge);

  /** The symbol that a merge makes. */
  int result(int merge);
}
