package io.github.jpopen.text;

/**
 * What happens to bytes that are not text, and to characters that the charset cannot encode. Each
 * constant is explained at that of {@code io.github.jpopen.TextErrors} with the same name.
 */
public enum ErrorPolicy {
  /** An error. */
  STRICT,
  /** A mark in its place. */
  REPLACE,
  /** Omitted. */
  IGNORE,
  /** Bytes survive as unpaired surrogates. */
  SURROGATE_ESCAPE,
  /** An escape sequence in plain ASCII. */
  BACKSLASH_REPLACE
}
