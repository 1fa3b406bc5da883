package io.github.jpopen.output;

import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/** A part of an output, in another buffer. */
abstract class KeptOutput extends OutputBuffer {
  /** Where that part is. */
  final OutputBuffer kept;

  KeptOutput(OutputBuffer kept) {
    this.kept = kept;
  }

  @Override
  @Nullable Window front(@Nullable Charset text) {
    return null;
  }

  @Override
  public final boolean isStreamable() {
    return false; // a reader would make room for what was to be cut
  }

  @Override
  long unconsumed() {
    return kept.size();
  }

  @Override
  int copy(long from, byte[] into, int offset, int length) {
    return kept.copy(from, into, offset, length);
  }

  @Override
  void drop(long bytes) {
    kept.drop(bytes);
  }

  @Override
  Snapshot kept() {
    return new CutSnapshot(kept.snapshot(), gap(), omitted(), position(), null);
  }

  @Override
  byte[] joined() {
    return kept.joined();
  }

  @Override
  OutputBuffer whole() {
    return kept.whole();
  }

  @Override
  public void discard() {
    kept.discard();
  }

  @Override
  public void close() {
    kept.close();
  }

  @Override
  public boolean isAccessibleBy(Thread thread) {
    return kept.isAccessibleBy(thread);
  }
}
