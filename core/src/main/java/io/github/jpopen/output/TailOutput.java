package io.github.jpopen.output;

import java.lang.foreign.MemorySegment;

/** The last bytes of an output. */
final class TailOutput extends KeptOutput {
  private final long limit;
  private long omitted;

  TailOutput(OutputBuffer kept, long limit) {
    super(kept);
    this.limit = limit;
  }

  @Override
  public MemorySegment room() {
    return kept.room();
  }

  @Override
  void added(long bytes) {
    kept.added(bytes);
    long surplus = kept.size() - limit;
    if (surplus > 0) {
      kept.drop(surplus);
      omitted += surplus;
    }
  }

  @Override
  public long omitted() {
    return omitted;
  }

  @Override
  public long gap() {
    return omitted == 0 ? Snapshot.NO_GAP : 0;
  }
}
