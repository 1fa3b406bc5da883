package io.github.jpopen.testing.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.jpopen.spi.StreamKind;
import io.github.jpopen.spi.Termination;
import io.github.jpopen.spi.Termination.Exited;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Plays the acts of one child, as far as its pipes and the clock allow. Guarded by the lock of its
 * {@link Group}.
 */
final class Player {
  private final Script script;
  private final FakeSignals signals;
  private final Inbox stdin;
  private final Sink stdout;
  private final Sink stderr;
  private final Deque<Act> todo;
  private final Map<Integer, List<Act>> reactions;
  private final Deque<Integer> awaited = new ArrayDeque<>(); // signals that came before their act
  private int written; // bytes of the act that writes
  private boolean waits; // for something from outside
  private long time = System.nanoTime(); // when the last act ended
  private @Nullable Termination ended;

  Player(Script script, FakeSignals signals, Inbox stdin, Sink stdout, Sink stderr) {
    this.script = script;
    this.signals = signals;
    this.stdin = stdin;
    this.stdout = stdout;
    this.stderr = stderr;
    this.todo = new ArrayDeque<>(script.acts());
    this.reactions = new HashMap<>(script.reactions());
  }

  @Nullable Termination ended() {
    return ended;
  }

  Inbox stdin() {
    return stdin;
  }

  /** Does what it can do now; returns whether there was anything. */
  boolean play(long now) {
    boolean any = takeInput();
    while (ended == null) {
      Act act = todo.peek();
      if (act == null) {
        boolean _ = end(new Exited(0));
      } else if (perform(act, now)) {
        finish(act, now);
      } else if (act.equals(todo.peek())) {
        waits = true;
        return any;
      }
      any = true;
    }
    return any;
  }

  /** Takes what has come on stdin, if it takes all; returns whether there was anything. */
  boolean takeInput() {
    return script.takesInput() && ended == null && stdin.take();
  }

  /** Does an act as far as possible; false if it is not done. */
  private boolean perform(Act act, long now) {
    return switch (act) {
      case Act.Write(StreamKind stream, byte[] bytes) ->
          write(stream == StreamKind.STDOUT ? stdout : stderr, bytes);
      case Act.Pause(var pause) -> now - time >= pause.toNanos();
      case Act.Close(StreamKind stream) -> close(stream);
      case Act.ReadAll() -> reads() && stdin.useAll();
      case Act.ReadBytes(long bytes) -> reads() && stdin.use(bytes);
      case Act.ReadLine() -> reads() && (stdin.nextLine() != null || stdin.isAtEnd());
      case Act.Answer answer -> reads() && answer(answer);
      case Act.Hang() -> false;
      case Act.AwaitSignal(int number) -> awaited.removeFirstOccurrence(number);
      case Act.Catch(int number, List<Act> reaction) -> {
        reactions.put(number, reaction);
        yield true;
      }
      case Act.End(Termination how) -> end(how);
    };
  }

  /** What it did without waiting took no time, even if no thread looked at it meanwhile. */
  private void finish(Act act, long now) {
    if (act instanceof Act.Pause(var pause)) {
      time += pause.toNanos();
    } else if (waits || !(act instanceof Act.Write)) {
      time = now;
    }
    next();
    Act _ = todo.poll();
  }

  private void next() {
    written = 0;
    waits = false;
  }

  private boolean write(Sink sink, byte[] bytes) {
    while (written < bytes.length) {
      int count = sink.write(MemorySegment.ofArray(bytes).asSlice(written));
      if (count < 0) {
        return brokenPipe();
      }
      if (count == 0) {
        return false;
      }
      written += count;
    }
    return true;
  }

  /** A program that does not die of it goes on as if it had written, after its reaction. */
  private boolean brokenPipe() {
    OptionalInt sigpipe = signals.brokenPipe();
    List<Act> reaction = sigpipe.isPresent() ? reactions.get(sigpipe.getAsInt()) : List.of();
    if (reaction == null) {
      return end(signals.termination(sigpipe.getAsInt()));
    }
    if (reaction.isEmpty()) {
      return true;
    }
    Act _ = todo.poll();
    begin(reaction);
    return false;
  }

  private boolean reads() {
    boolean _ = stdin.take();
    return true;
  }

  /** Answers one line; the act stays until the end of the input. */
  private boolean answer(Act.Answer answer) {
    String line = stdin.nextLine();
    if (line == null) {
      return stdin.isAtEnd();
    }
    byte[] reply = (answer.answer().apply(line) + '\n').getBytes(UTF_8);
    next();
    todo.addFirst(new Act.Write(StreamKind.STDOUT, reply));
    return false;
  }

  private boolean close(StreamKind stream) {
    switch (stream) {
      case STDIN -> stdin.close();
      case STDOUT -> stdout.close();
      case STDERR -> stderr.close();
    }
    return true;
  }

  private boolean end(Termination how) {
    ended = how;
    todo.clear();
    stdin.close();
    if (!script.leavesOutputOpen()) {
      closeOutputs();
    }
    return true;
  }

  /** What has inherited the outputs closes them. */
  void closeOutputs() {
    stdout.close();
    stderr.close();
  }

  /** Whether neither it nor what it has started lives. */
  boolean isTreeOver() {
    return ended != null && !stdout.isOpen() && !stderr.isOpen();
  }

  /** Gets a signal; false if it has ended. */
  boolean signal(int number) {
    if (ended != null) {
      return false;
    }
    if (number != signals.kill() && todo.contains(new Act.AwaitSignal(number))) {
      awaited.add(number);
      return true;
    }
    List<Act> reaction = signals.canBeCaught(number) ? reactions.get(number) : null;
    if (reaction == null) {
      if (signals.ends(number)) {
        boolean _ = end(signals.termination(number));
      }
    } else if (!reaction.isEmpty()) {
      Act interrupted = todo.poll();
      if (interrupted != null) {
        todo.addFirst(rest(interrupted));
      }
      begin(reaction);
    }
    return true;
  }

  private void begin(List<Act> reaction) {
    reaction.reversed().forEach(todo::addFirst);
    time = System.nanoTime();
    next();
  }

  /** What is left of an act when a signal comes. */
  private Act rest(Act act) {
    return switch (act) {
      case Act.Write(StreamKind stream, byte[] bytes) ->
          new Act.Write(stream, Arrays.copyOfRange(bytes, written, bytes.length));
      case Act.Pause(var pause) -> new Act.Pause(pause.minusNanos(System.nanoTime() - time));
      default -> act;
    };
  }

  int kill() {
    return signals.kill();
  }

  /** Dies at once. */
  void die() {
    if (ended == null) {
      boolean _ = end(signals.termination(kill()));
    }
  }

  /** How long until it does something without a cause from outside. */
  long nanosToNextAct(long now) {
    return todo.peek() instanceof Act.Pause(var pause)
        ? Math.max(0, time + pause.toNanos() - now)
        : Long.MAX_VALUE;
  }
}
