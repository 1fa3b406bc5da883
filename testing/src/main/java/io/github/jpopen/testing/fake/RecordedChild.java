package io.github.jpopen.testing.fake;

import io.github.jpopen.spi.ChildEvents;
import io.github.jpopen.spi.ChildProcess;
import io.github.jpopen.spi.Condition;
import io.github.jpopen.spi.Deadline;
import io.github.jpopen.spi.PipeHolder;
import io.github.jpopen.spi.StreamKind;
import io.github.jpopen.spi.Usage;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A real child that is watched while core talks to it. */
final class RecordedChild implements ChildProcess {
  private final ChildProcess real;
  private final Take take;
  private @Nullable RecordedEvents watched; // touched by the stepping thread only

  RecordedChild(ChildProcess real, Take take) {
    this.real = real;
    this.take = take;
  }

  @Override
  public long pid() {
    return real.pid();
  }

  @Override
  public void step(ChildEvents events, Deadline deadline) throws IOException, InterruptedException {
    RecordedEvents known = watched;
    if (known == null) {
      known = new RecordedEvents(events, take);
      watched = known;
    }
    real.step(known, deadline);
  }

  @Override
  public void wake() {
    real.wake();
  }

  @Override
  public boolean takeOver() {
    return real.takeOver();
  }

  @Override
  public boolean signal(int number) throws IOException {
    return real.signal(number);
  }

  @Override
  public void unattended() {
    real.unattended();
  }

  @Override
  public boolean signalGroup(int number) throws IOException {
    return real.signalGroup(number);
  }

  @Override
  public List<ProcessHandle> killTree(Deadline deadline) throws IOException {
    return real.killTree(deadline);
  }

  @Override
  public boolean awaitTree(Deadline deadline) throws IOException, InterruptedException {
    return real.awaitTree(deadline);
  }

  @Override
  public Supplier<Map<StreamKind, List<PipeHolder>>> pipeHolders() {
    return real.pipeHolders();
  }

  @Override
  public Condition condition() {
    return real.condition();
  }

  @Override
  public long queued(StreamKind stream) {
    return real.queued(stream);
  }

  @Override
  public @Nullable Usage usage() {
    return real.usage();
  }

  @Override
  public void close() {
    real.close();
  }
}
