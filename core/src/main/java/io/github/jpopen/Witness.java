package io.github.jpopen;

import io.github.jpopen.command.CommandLabel;
import io.github.jpopen.conversation.Conversation;
import io.github.jpopen.conversation.WarningLog;
import io.github.jpopen.spi.StreamKind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reports what happens to one child: to the listeners of its command, to the Flight Recorder and to
 * the log. There is none for a child that none of these wants to hear of.
 *
 * <p>It never refers to the child, which would then never be found forgotten. Nothing that hears of
 * an event can break the call in which it happened.
 */
final class Witness implements Consumer<@Nullable Conversation> {
  private final List<Consumer<? super ChildEvent>> listeners;
  private final String program;
  private final long created = System.nanoTime();
  private final AtomicBoolean ended = new AtomicBoolean();
  private final Set<Telling> running = ConcurrentHashMap.newKeySet(1);
  private long pid;
  private long started;

  /** A call of a listener. */
  private record Telling(Thread thread, int listener, Class<?> kind) {}

  /** A child is about to be started. */
  Witness(List<Consumer<? super ChildEvent>> listeners, CommandLabel label) {
    this.listeners = listeners;
    this.program = label.name();
  }

  /** The child was started; called once, before any other method. */
  void started(long startedPid, Supplier<String> explanation) {
    pid = startedPid;
    started = System.nanoTime();
    Duration startTime = nanos(started - created);
    tell(() -> new ChildEvent.Started(program, pid, startTime, explanation));
  }

  /** Its exit was observed, or will not be. Null if it was forgotten. */
  @Override
  public void accept(@Nullable Conversation conversation) {
    if (ended.compareAndSet(false, true)) {
      tell(() -> exited(conversation));
    }
  }

  private ChildEvent exited(@Nullable Conversation conversation) {
    if (conversation == null) {
      return new ChildEvent.Exited(program, pid, Optional.empty(), lifetime(), 0, 0, 0);
    }
    return new ChildEvent.Exited(
        program,
        pid,
        Optional.ofNullable(ExitNumbers.status(conversation)),
        lifetime(),
        conversation.bytesSent(),
        received(conversation, StreamKind.STDOUT),
        received(conversation, StreamKind.STDERR));
  }

  private static long received(Conversation conversation, StreamKind stream) {
    return conversation.isPipe(stream) ? conversation.bytesReceived(stream) : 0;
  }

  void timedOut(TimeoutExpiredException e) {
    tell(() -> new ChildEvent.TimedOut(program, pid, e.limit(), e.timeout(), lifetime()));
  }

  void killed(Signal signal, Ending.Cause cause) {
    tell(() -> new ChildEvent.Killed(program, pid, signal, cause, lifetime()));
  }

  void limitReached(StreamName stream, long received) {
    tell(() -> new ChildEvent.LimitReached(program, pid, stream, received, lifetime()));
  }

  private Duration lifetime() {
    return nanos(System.nanoTime() - started);
  }

  private static Duration nanos(long count) {
    return Duration.ofNanos(count);
  }

  private void tell(Supplier<ChildEvent> what) {
    try {
      tell(what.get());
    } catch (OutOfMemoryError e) { // a kill and the end go on without memory
    }
  }

  private void tell(ChildEvent event) {
    for (int i = 0; i < listeners.size(); i++) {
      tellOfOthers(i, event);
    }
    if (EventSinks.isRecorded()) {
      tell(FlightEvents::record, event);
    }
    if (EventSinks.LOG) {
      tell(EventLog::write, event);
    }
  }

  /** A listener that kills the child at each kill must not hear of its own kill, and so on. */
  private void tellOfOthers(int listener, ChildEvent event) {
    Telling telling = new Telling(Thread.currentThread(), listener, event.getClass());
    if (running.add(telling)) {
      try {
        tell(listeners.get(listener), event);
      } finally {
        running.remove(telling);
      }
    }
  }

  @SuppressWarnings("CatchingUnchecked") // the call goes on, whatever a listener throws
  private static void tell(Consumer<? super ChildEvent> listener, ChildEvent event) {
    try {
      listener.accept(event);
    } catch (Throwable e) {
      WarningLog.warn("a listener failed at the event: " + event, e);
    }
  }
}
