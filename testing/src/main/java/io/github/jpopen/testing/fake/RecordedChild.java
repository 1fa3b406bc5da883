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
  private final FakeSignals signals;
  private @Nullable RecordedEvents watched; // touched by the stepping thread only

  RecordedChild(ChildProcess real, Take take, FakeSignals signals) {
    this.real = real;
    this.take = take;
    this.signals = signals;
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
    note(number);
    return real.signal(number);
  }

  /** Before it is sent: what comes after it may be its effect. */
  private void note(int number) {
    if (number != 0) {
      take.signal(number, signals.ends(number) && !signals.canBeCaught(number));
    }
  }

  @Override
  public void unattended() {
    real.unattended();
  }

  @Override
  public boolean signalGroup(int number) throws IOException {
    note(number);
    return real.signalGroup(number);
  }

  @Override
  public List<ProcessHandle> killTree(Deadline deadline) throws IOException {
    note(signals.kill());
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
