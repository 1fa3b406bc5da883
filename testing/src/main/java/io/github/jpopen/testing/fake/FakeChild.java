package io.github.jpopen.testing.fake;

import io.github.jpopen.spi.ChildEvents;
import io.github.jpopen.spi.ChildProcess;
import io.github.jpopen.spi.Condition;
import io.github.jpopen.spi.Deadline;
import io.github.jpopen.spi.StreamKind;
import io.github.jpopen.spi.Termination;
import io.github.jpopen.spi.Usage;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One fake child and our ends of its pipes. */
public final class FakeChild implements ChildProcess, Group.Member {
  private static final long MOST_PER_STEP = 1024 * 1024; // so that a deadline is seen

  private final long pid;
  private final Group group;
  private final Player player;
  private final @Nullable Usage usage;

  /** Our ends, guarded by the lock of the group. */
  private final Map<StreamKind, BytePipe> ours = new EnumMap<>(StreamKind.class);

  private final List<Integer> signals = new ArrayList<>(); // guarded by the same
  private boolean woken; // guarded by the same
  private boolean closed; // guarded by the same
  private boolean exitReported; // touched by the stepping thread only

  FakeChild(
      long pid, Group group, Player player, @Nullable Usage usage, Map<StreamKind, BytePipe> ours) {
    this.pid = pid;
    this.group = group;
    this.player = player;
    this.usage = usage;
    this.ours.putAll(ours);
  }

  @Override
  public long pid() {
    return pid;
  }

  @Override
  public boolean play(long now) {
    return player.play(now);
  }

  @Override
  public long nanosToNextAct() {
    return player.nanosToNextAct(System.nanoTime());
  }

  // What the test asks.

  /**
   * What it has read from its stdin.
   *
   * @return a copy
   */
  public byte[] input() {
    return group.locked(() -> player.stdin().content());
  }

  /**
   * The signals that were sent to it.
   *
   * @return their numbers, in their order
   */
  public List<Integer> signals() {
    return group.ask(() -> List.copyOf(signals));
  }

  /**
   * Whether it has ended.
   *
   * @return whether it has
   */
  public boolean hasEnded() {
    return group.locked(() -> player.ended() != null);
  }

  /** Ends it at once, and closes its outputs. */
  public void die() {
    group.run(
        () -> {
          player.die();
          player.closeOutputs();
        });
  }

  // What core calls.

  @Override
  public void step(ChildEvents events, Deadline deadline) throws InterruptedException {
    boolean moved = closeEnds(events);
    while (true) {
      Set<StreamKind> wanted = wanted(events);
      moved |= sendInput(events, wanted);
      group.run(() -> {}); // the children play
      moved |= receive(events, StreamKind.STDOUT, wanted);
      moved |= receive(events, StreamKind.STDERR, wanted);
      moved |= reportExit(events);
      if (moved || takeWake() || deadline.hasPassed()) {
        return;
      }
      if (wanted.isEmpty() && !isOpen(StreamKind.STDIN) && exitReported) {
        throw new IllegalStateException("nothing is wanted after the exit");
      }
      group.await(() -> woken || canMove(wanted), deadline);
    }
  }

  private boolean closeEnds(ChildEvents events) {
    boolean any = false;
    for (StreamKind stream : StreamKind.values()) {
      if (isOpen(stream) && events.closing(stream)) {
        drop(stream);
        events.closed(stream);
        any = true;
      }
    }
    return any;
  }

  private Set<StreamKind> wanted(ChildEvents events) {
    Set<StreamKind> wanted = EnumSet.noneOf(StreamKind.class);
    for (StreamKind stream : StreamKind.values()) {
      if (isOpen(stream) && events.wants(stream)) {
        wanted.add(stream);
      }
    }
    return wanted;
  }

  private boolean sendInput(ChildEvents events, Set<StreamKind> wanted) {
    BytePipe pipe = pipe(StreamKind.STDIN);
    boolean any = false;
    while (pipe != null) {
      if (!group.ask(pipe::hasReader)) {
        drop(StreamKind.STDIN);
        events.inputRefused();
        return true;
      }
      if (!wanted.contains(StreamKind.STDIN)) {
        return any;
      }
      MemorySegment pending = events.pendingInput();
      int count = group.ask(() -> pipe.write(pending));
      if (count == 0) {
        return any;
      }
      any = true;
      events.accepted(count);
      group.quietly(player::takeInput);
      if (!events.wants(StreamKind.STDIN)) {
        return true;
      }
    }
    return any;
  }

  private boolean receive(ChildEvents events, StreamKind stream, Set<StreamKind> wanted) {
    BytePipe pipe = wanted.contains(stream) ? pipe(stream) : null;
    boolean any = false;
    long received = 0;
    while (pipe != null && received < MOST_PER_STEP && events.wants(stream)) {
      if (group.ask(pipe::isAtEnd)) {
        drop(stream);
        events.endOfFile(stream);
        return true;
      }
      if (group.ask(pipe::size) == 0) {
        return any;
      }
      MemorySegment room = events.room(stream);
      int count = group.locked(() -> pipe.read(room));
      received += count;
      any = true;
      events.received(stream, count);
    }
    return any;
  }

  private boolean reportExit(ChildEvents events) {
    Termination how = exitReported ? null : group.ask(player::ended);
    if (how == null) {
      return false;
    }
    exitReported = true;
    events.exited(how);
    return true;
  }

  private boolean takeWake() {
    return group.ask(
        () -> {
          boolean was = woken;
          woken = false;
          return was;
        });
  }

  /** With the lock held: whether a step would find something to do. */
  private boolean canMove(Set<StreamKind> wanted) {
    BytePipe stdin = ours.get(StreamKind.STDIN);
    if (stdin != null
        && (!stdin.hasReader() || (wanted.contains(StreamKind.STDIN) && stdin.hasRoom()))) {
      return true;
    }
    return hasOutput(StreamKind.STDOUT, wanted)
        || hasOutput(StreamKind.STDERR, wanted)
        || (!exitReported && player.ended() != null);
  }

  private boolean hasOutput(StreamKind stream, Set<StreamKind> wanted) {
    BytePipe pipe = wanted.contains(stream) ? ours.get(stream) : null;
    return pipe != null && (pipe.size() > 0 || pipe.isAtEnd());
  }

  private @Nullable BytePipe pipe(StreamKind stream) {
    return group.ask(() -> ours.get(stream));
  }

  private boolean isOpen(StreamKind stream) {
    return pipe(stream) != null;
  }

  private void drop(StreamKind stream) {
    group.run(
        () -> {
          BytePipe pipe = ours.remove(stream);
          if (pipe != null && stream == StreamKind.STDIN) {
            pipe.dropWriter();
          } else if (pipe != null) {
            pipe.dropReader();
          }
        });
  }

  @Override
  public void wake() {
    group.quietly(() -> woken = true);
  }

  @Override
  public boolean signal(int number) {
    return group.locked(
        () -> {
          boolean _ = player.play(System.nanoTime());
          if (closed || player.ended() != null) {
            return false;
          }
          if (number != 0) {
            signals.add(number);
          }
          return player.signal(number);
        });
  }

  /** Reaches what holds the outputs as well. */
  @Override
  public boolean signalGroup(int number) {
    return group.locked(
        () -> {
          boolean was = signal(number);
          if (player.ended() != null && was) {
            player.closeOutputs();
          }
          return was;
        });
  }

  @Override
  public List<ProcessHandle> killTree(Deadline deadline) {
    group.run(
        () -> {
          boolean _ = player.play(System.nanoTime());
          if (player.ended() == null) {
            signals.add(player.kill());
          }
          die();
        });
    return List.of();
  }

  @Override
  public Condition condition() {
    return hasEnded() ? Condition.ENDED : Condition.WAITING;
  }

  @Override
  public long queued(StreamKind stream) {
    return group.locked(
        () -> {
          boolean _ = player.play(System.nanoTime());
          BytePipe pipe = ours.get(stream);
          return pipe == null ? -1L : pipe.size();
        });
  }

  @Override
  public boolean awaitTree(Deadline deadline) throws InterruptedException {
    group.await(player::isTreeOver, deadline);
    return group.locked(player::isTreeOver);
  }

  @Override
  public @Nullable Usage usage() {
    return usage;
  }

  @Override
  public void close() {
    for (StreamKind stream : StreamKind.values()) {
      drop(stream);
    }
    group.run(() -> closed = true);
  }
}
