package io.github.jpopen.spi;

/** The three standard streams, in the order of their descriptors. */
public enum StreamKind {
  /** Descriptor 0: we write, the child reads. */
  STDIN,
  /** Descriptor 1: the child writes, we read. */
  STDOUT,
  /** Descriptor 2: the child writes, we read. */
  STDERR
}
