package io.github.jpopen;

import io.github.jpopen.spi.StreamKind;

/**
 * The name of an output of a child.
 *
 * @since 0.1
 */
public enum StreamName {
  /** The standard output, descriptor 1. */
  STDOUT(StreamKind.STDOUT),
  /** The standard error, descriptor 2. */
  STDERR(StreamKind.STDERR);

  private final StreamKind kind;

  StreamName(StreamKind kind) {
    this.kind = kind;
  }

  static StreamName of(StreamKind kind) {
    return kind == StreamKind.STDOUT ? STDOUT : STDERR;
  }

  StreamKind kind() {
    return kind;
  }

  /** The name in messages. */
  String label() {
    return kind.label();
  }
}
