package io.github.jpopen.output;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A view of an output of which not all is kept.
 *
 * @param kept what is
 * @param gap see {@link OutputBuffer#gap}
 * @param omitted see {@link OutputBuffer#omitted}
 * @param position how many bytes were consumed before
 * @param file see {@link Snapshot#file}
 */
record CutSnapshot(Snapshot kept, long gap, long omitted, long position, @Nullable Path file)
    implements Snapshot {
  @Override
  public long size() {
    return kept.size();
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    kept.writeTo(out);
  }

  @Override
  public long resumesAt() {
    return gap == Snapshot.NO_GAP ? 0 : position + gap + omitted;
  }
}
