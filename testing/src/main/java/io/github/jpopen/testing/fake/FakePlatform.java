package io.github.jpopen.testing.fake;

import io.github.jpopen.platform.Platforms;
import io.github.jpopen.spi.ChildProcess;
import io.github.jpopen.spi.GrowableBuffer;
import io.github.jpopen.spi.ProcessPlatform;
import io.github.jpopen.spi.SpawnRefused;
import io.github.jpopen.spi.SpawnRequest;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** A system whose children are played in this process; real programs go to the real system. */
public final class FakePlatform implements ProcessPlatform {
  /** No system gives a process such a number. */
  private static final long FIRST_PID = 1_000_000_000;

  private static final AtomicLong NEXT_PID = new AtomicLong(FIRST_PID);

  private final Director director;
  private final RealSystem system = new RealSystem();
  private final FakeSignals signals = new FakeSignals(system);
  private final Links links = new Links();

  /**
   * Makes one.
   *
   * @param director decides what each child plays
   */
  public FakePlatform(Director director) {
    this.director = director;
  }

  @Override
  public boolean isSupported() {
    return true;
  }

  @Override
  public ChildProcess spawn(SpawnRequest request) throws IOException {
    Director.Part part = director.cast(request);
    Script script = part.script();
    if (script == null) {
      return startReal(request, part);
    }
    Function<SpawnRequest, SpawnRefused> refusal = script.refusal();
    if (refusal != null) {
      throw refusal.apply(request);
    }
    FakeChild child = start(request, script);
    part.started().as(child.pid(), child);
    return child;
  }

  private ChildProcess startReal(SpawnRequest request, Director.Part part) throws IOException {
    links.refuseFakeEnds(request);
    Take take = part.take();
    ChildProcess real;
    try {
      real = Platforms.ofSystem().spawn(request);
    } catch (SpawnRefused e) {
      if (take != null) {
        take.refuse(e);
      }
      throw e;
    }
    part.started().as(real.pid(), null);
    return take == null ? real : new RecordedChild(real, take, signals);
  }

  private FakeChild start(SpawnRequest request, Script script) throws IOException {
    Plumbing plumbing = new Plumbing(request, links);
    Inbox stdin = plumbing.stdin();
    boolean opened = false;
    try {
      plumbing.openOutputs();
      opened = true;
    } finally {
      if (!opened) {
        plumbing.group().run(stdin::close);
      }
    }
    Player player = new Player(script, signals, stdin, plumbing.stdout(), plumbing.stderr());
    FakeChild child =
        new FakeChild(
            NEXT_PID.getAndIncrement(), plumbing.group(), player, script.usage(), plumbing.ours());
    plumbing.group().join(child);
    return child;
  }

  @Override
  public boolean giveBack() {
    ProcessPlatform known = system.getIfKnown();
    return known != null && known.giveBack();
  }

  @Override
  public GrowableBuffer growable(Arena arena) {
    ProcessPlatform real = system.get();
    return real == null ? new CopyingBuffer(arena) : real.growable(arena);
  }

  @Override
  public Path resolve(Path path) {
    ProcessPlatform real = system.get();
    return real == null ? path : real.resolve(path);
  }

  @Override
  public OptionalInt signalNumber(String name) {
    return signals.number(name);
  }

  @Override
  public Optional<String> signalName(int number) {
    return signals.name(number);
  }
}
