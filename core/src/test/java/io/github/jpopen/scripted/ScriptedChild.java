package io.github.jpopen.scripted;

import static io.github.jpopen.spi.StreamKind.STDERR;
import static io.github.jpopen.spi.StreamKind.STDIN;
import static io.github.jpopen.spi.StreamKind.STDOUT;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.jpopen.spi.ChildEvents;
import io.github.jpopen.spi.ChildProcess;
import io.github.jpopen.spi.Deadline;
import io.github.jpopen.spi.PipeHolder;
import io.github.jpopen.spi.SpawnRequest;
import io.github.jpopen.spi.StreamKind;
import io.github.jpopen.spi.Termination;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A child that does what its script says, one act in each step; when there is no act left, a step
 * waits. Records what core asked and did, and checks that it kept to the contract of the seam.
 */
public final class ScriptedChild extends ScriptWords<ScriptedChild> implements ChildProcess {
  /** What core wanted in one step, and on which thread. */
  public record Step(Set<StreamKind> wanted, boolean pastDeadline, Thread thread) {}

  private static final int PID = 4242;

  final SpiChecks checks = new SpiChecks();
  private final Script script = new Script();
  private final List<Step> steps = new ArrayList<>();
  private final List<Integer> signals = new ArrayList<>();
  private final List<Integer> groupSignals = new ArrayList<>();
  private final Set<StreamKind> closedByCore = new LinkedHashSet<>();
  private final ByteArrayOutputStream input = new ByteArrayOutputStream();
  private final AtomicInteger closes = new AtomicInteger();
  private final AtomicInteger openLinks = new AtomicInteger();
  private volatile boolean readsInput;
  private volatile boolean exited;
  private final List<ProcessHandle> started = new ArrayList<>();
  private volatile Supplier<List<ProcessHandle>> onKillTree = List::of;
  private int treeKills;
  private int treeWaits;
  private volatile IntConsumer onSignal = number -> {};
  private final Queue<Throwable> signalErrors = new ConcurrentLinkedQueue<>();
  private volatile @Nullable IOException signalRefusal;
  private volatile Supplier<Map<StreamKind, List<PipeHolder>>> holders = Map::of;
  private volatile Runnable onHandOut = () -> {};
  private volatile Runnable onLinkClosed = () -> {};
  private final AtomicReference<Runnable> beforeAsking = new AtomicReference<>(() -> {});
  private volatile @Nullable SpawnRequest request;

  ScriptedChild() {}

  void spawned(SpawnRequest with) {
    request = with;
    Set<StreamKind> pipes = EnumSet.noneOf(StreamKind.class);
    addIfPipe(pipes, STDIN, with.stdin());
    addIfPipe(pipes, STDOUT, with.stdout());
    addIfPipe(pipes, STDERR, with.stderr());
    checks.spawned(pipes);
    keepLink(with.stdout());
    keepLink(with.stderr());
  }

  /** The end of a pipe that later children get, as a native platform keeps it. */
  private void keepLink(SpawnRequest.Stdio to) {
    if (to instanceof SpawnRequest.PipeToNext next) {
      openLinks.incrementAndGet();
      next.link().keep(openLinks.get(), this::closeLink);
    } else if (to instanceof SpawnRequest.SharedPipe shared) {
      openLinks.incrementAndGet();
      shared.link().keep(openLinks.get(), this::closeLink);
    }
  }

  private void closeLink(long link) {
    openLinks.decrementAndGet();
    onLinkClosed.run();
  }

  /** How many ends of pipes are open that were made for this child and later ones. */
  public int openLinks() {
    return openLinks.get();
  }

  private static void addIfPipe(Set<StreamKind> pipes, StreamKind stream, SpawnRequest.Stdio to) {
    if (to instanceof SpawnRequest.Pipe || to instanceof SpawnRequest.SharedPipe) {
      pipes.add(stream);
    }
  }

  // The script, in addition to ScriptWords.

  /** From now on all input is taken in every step. */
  public ScriptedChild readsInput() {
    readsInput = true;
    return this;
  }

  public ScriptedChild stopsReading() {
    readsInput = false;
    return this;
  }

  /** Drops the rest of the script; the child ends like this instead. */
  public void diesNow(Termination how) {
    readsInput = false;
    script.replace(new Act.Exit(how), new Act.EndOfFile(STDOUT), new Act.EndOfFile(STDERR));
  }

  public ScriptedChild onSignal(IntConsumer reaction) {
    onSignal = reaction;
    return this;
  }

  /** What a kill of the tree does, and which processes it leaves. */
  public ScriptedChild onKillTree(Supplier<List<ProcessHandle>> reaction) {
    onKillTree = reaction;
    return this;
  }

  /** From now on these belong to the tree; none of them ends before the tree is killed. */
  public synchronized ScriptedChild hasStarted(ProcessHandle... processes) {
    started.addAll(List.of(processes));
    return this;
  }

  /** In the next step something happens, after core's requests to close and before it wants. */
  public ScriptedChild beforeAsking(Runnable what) {
    beforeAsking.set(what);
    return this;
  }

  /** Who holds the pipes, for each look at all processes. */
  public ScriptedChild heldBy(Supplier<Map<StreamKind, List<PipeHolder>>> found) {
    holders = found;
    return this;
  }

  @Override
  public Supplier<Map<StreamKind, List<PipeHolder>>> pipeHolders() {
    return holders;
  }

  /** Runs when the child is handed to a user. */
  public ScriptedChild onHandOut(Runnable reaction) {
    onHandOut = reaction;
    return this;
  }

  /** Runs when core has closed an end of a pipe that was made for this child and later ones. */
  public ScriptedChild onLinkClosed(Runnable reaction) {
    onLinkClosed = reaction;
    return this;
  }

  /** Signals are refused from now on; null ends that. */
  public ScriptedChild refusesSignals(@Nullable IOException error) {
    signalRefusal = error;
    return this;
  }

  /** The next signals are not sent: these are thrown in their place, one after the other. */
  public ScriptedChild failsSignals(Throwable... errors) {
    signalErrors.addAll(List.of(errors));
    return this;
  }

  @Override
  ScriptedChild act(Act act) {
    script.add(act);
    return this;
  }

  // What core did.

  public SpawnRequest request() {
    SpawnRequest known = request;
    if (known == null) {
      throw new AssertionError("was not started");
    }
    return known;
  }

  public boolean wasStarted() {
    return request != null;
  }

  public synchronized List<Step> steps() {
    return List.copyOf(steps);
  }

  public synchronized List<Integer> signals() {
    return List.copyOf(signals);
  }

  /** The signals to the group of the child. */
  public synchronized List<Integer> groupSignals() {
    return List.copyOf(groupSignals);
  }

  /** How often the tree was killed. */
  public synchronized int treeKills() {
    return treeKills;
  }

  /** How often the end of its tree was waited for. */
  public synchronized int treeWaits() {
    return treeWaits;
  }

  public void awaitSignal(int number) {
    script.await("signal " + number + " was sent", () -> signals().contains(number));
  }

  /** All bytes that the child's pipe took. */
  public synchronized byte[] input() {
    return input.toByteArray();
  }

  public synchronized String inputText() {
    return input.toString(UTF_8);
  }

  /** The ends that core closed, in their order. */
  public synchronized List<StreamKind> closedByCore() {
    return List.copyOf(closedByCore);
  }

  /** Whether core closed its end, so that the child would see the end of its input. */
  public synchronized boolean isClosedByCore(StreamKind stream) {
    return closedByCore.contains(stream);
  }

  public void awaitClosedByCore(StreamKind stream) {
    script.await("core closes " + stream, () -> isClosedByCore(stream));
  }

  /** Waits until core has released everything. */
  public void awaitClosed() {
    script.await("core closes the child", () -> closes.get() > 0);
  }

  public void awaitInput(int bytes) {
    script.await("the pipe takes " + bytes + " bytes", () -> input().length >= bytes);
  }

  public int wakes() {
    return script.wakes();
  }

  public int closes() {
    return closes.get();
  }

  public boolean hasExited() {
    return exited;
  }

  public List<String> violations() {
    return checks.violations();
  }

  public void awaitStepWanting(StreamKind... streams) {
    Set<StreamKind> wanted = EnumSet.noneOf(StreamKind.class);
    wanted.addAll(Arrays.asList(streams));
    script.awaitWaitingFor(wanted);
  }

  public void awaitStep() {
    script.awaitWaiting();
  }

  // What core calls.

  @Override
  public long pid() {
    return PID;
  }

  @Override
  public void unattended() {
    onHandOut.run();
  }

  @Override
  public void step(ChildEvents events, Deadline deadline) throws IOException, InterruptedException {
    checks.beginStep(events);
    boolean takenOver = false;
    try {
      boolean moved = closeEnds(events);
      beforeAsking.getAndSet(() -> {}).run();
      Set<StreamKind> wanted = EnumSet.noneOf(StreamKind.class);
      for (StreamKind stream : StreamKind.values()) {
        if (checks.isOpen(stream) && checks.asked(events.wants(stream), stream, "wanted")) {
          wanted.add(stream);
        }
      }
      synchronized (this) {
        steps.add(new Step(Set.copyOf(wanted), deadline.hasPassed(), Thread.currentThread()));
      }
      if (!moved && wanted.isEmpty() && !checks.isOpen(STDIN) && exited) {
        throw new IllegalStateException("nothing is wanted after the exit");
      }
      while (readsInput && checks.isOpen(STDIN) && events.wants(STDIN)) {
        accept(events, Long.MAX_VALUE);
        moved = true;
      }
      if (moved && !(checks.isOpen(STDIN) && events.wants(STDIN))) {
        wanted.remove(STDIN);
      }
      Act act = script.next(wanted, moved ? Deadline.now() : deadline);
      if (act != null) {
        perform(act, events);
      }
    } catch (Script.TakenOverException e) {
      takenOver = true;
    } finally {
      if (!takenOver) {
        checks.endStep();
        script.changed();
      }
    }
  }

  private boolean closeEnds(ChildEvents events) {
    boolean moved = false;
    for (StreamKind stream : StreamKind.values()) {
      if (checks.isOpen(stream) && checks.asked(events.closing(stream), stream, "to be closed")) {
        checks.ended(stream);
        synchronized (this) {
          closedByCore.add(stream);
        }
        script.changed();
        events.closed(stream);
        moved = true;
      }
    }
    return moved;
  }

  private void perform(Act act, ChildEvents events) throws IOException, InterruptedException {
    switch (act) {
      case Act.Data(StreamKind stream, byte[] bytes, int piece) -> {
        for (int done = 0; done < bytes.length; ) {
          MemorySegment room = checks.room(events.room(stream));
          int n = (int) Math.min(room.byteSize(), Math.min(piece, bytes.length - done));
          MemorySegment.copy(MemorySegment.ofArray(bytes), done, room, 0, n);
          events.received(stream, n);
          done += n;
        }
      }
      case Act.DataMeanwhile(StreamKind stream, Runnable meanwhile) -> {
        checks.room(events.room(stream)).set(ValueLayout.JAVA_BYTE, 0, (byte) '!');
        meanwhile.run();
        events.received(stream, 1);
      }
      case Act.Claim(StreamKind stream, long bytes) -> {
        checks.room(events.room(stream));
        events.received(stream, bytes);
      }
      case Act.Accept(long atMost) -> {
        if (events.wants(STDIN)) { // it may have been closed while this step waited
          accept(events, atMost);
        }
      }
      case Act.Refuse(), Act.HangUp() -> {
        checks.ended(STDIN);
        events.inputRefused();
      }
      case Act.EndOfFile(StreamKind stream) -> {
        checks.ended(stream);
        events.endOfFile(stream);
      }
      case Act.Break(StreamKind stream, IOException error) -> {
        checks.ended(stream);
        events.failed(stream, error);
      }
      case Act.Exit(Termination how) -> {
        if (!exited) { // a signal may have come in the moment of an exit
          exited = true;
          events.exited(how);
        }
      }
      case Act.Fail(IOException error) -> throw error;
      case Act.Fail(InterruptedException error) -> throw error;
      case Act.Fail(RuntimeException error) -> throw error;
      case Act.Fail(Error error) -> throw error;
      case Act.Fail(Throwable error) -> throw new AssertionError("no step throws this", error);
    }
  }

  private void accept(ChildEvents events, long atMost) {
    MemorySegment pending = checks.offered(events.pendingInput());
    MemorySegment taken = pending.asSlice(0, Math.min(pending.byteSize(), atMost));
    byte[] bytes = taken.toArray(ValueLayout.JAVA_BYTE);
    synchronized (this) {
      input.writeBytes(bytes);
    }
    script.changed();
    checks.accepted(pending, bytes.length);
    events.accepted(bytes.length);
  }

  @Override
  public void wake() {
    script.wake();
  }

  @Override
  public boolean takeOver() {
    return script.takeOver(checks::endStep);
  }

  @Override
  public boolean signal(int number) throws IOException {
    if (exited || checks.isClosed()) {
      return false;
    }
    IOException refusal = signalRefusal;
    synchronized (this) {
      signals.add(number);
    }
    if (refusal != null) {
      throw refusal;
    }
    Throwable error = signalErrors.poll();
    if (error instanceof Error e) {
      throw e;
    }
    if (error instanceof RuntimeException e) {
      throw e;
    }
    onSignal.accept(number);
    script.changed();
    return true;
  }

  @Override
  public boolean signalGroup(int number) {
    if (exited || checks.isClosed()) {
      return false;
    }
    synchronized (this) {
      groupSignals.add(number);
    }
    onSignal.accept(number);
    script.changed();
    return true;
  }

  @Override
  public List<ProcessHandle> killTree(Deadline deadline) {
    synchronized (this) {
      treeKills++;
      started.clear();
    }
    List<ProcessHandle> survivors = onKillTree.get();
    script.changed();
    return survivors;
  }

  @Override
  public synchronized boolean awaitTree(Deadline deadline) {
    treeWaits++;
    return started.isEmpty();
  }

  @Override
  public void close() {
    checks.close();
    closes.incrementAndGet();
    script.changed();
  }
}
