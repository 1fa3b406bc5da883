package io.github.jpopen.spi;

/** The three standard streams, in the order of their descriptors. */
public enum StreamKind {
  /** Descriptor 0: we write, the child reads. */
  STDIN("stdin"),
  /** Descriptor 1: the child writes, we read. */
  STDOUT("stdout"),
  /** Descriptor 2: the child writes, we read. */
  STDERR("stderr");

  private final String label;

  StreamKind(String label) {
    this.label = label;
  }

  /**
   * The name in messages, as in C.
   *
   * @return in small letters
   */
  public String label() {
    return label;
  }
}
