package io.github.jpopen;

import java.time.Duration;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** The events as the Flight Recorder has them. Only touched while there is a recorder. */
@SuppressWarnings("UnusedVariable") // the Flight Recorder reads the fields
final class FlightEvents {
  private FlightEvents() {}

  /** Records it if a recording wants it. */
  static void record(ChildEvent event) {
    switch (event) {
      case ChildEvent.Started started -> new Start().commit(started);
      case ChildEvent.Exited exited -> new Exit().commit(exited);
      case ChildEvent.TimedOut timedOut -> new Timeout().commit(timedOut);
      case ChildEvent.Killed killed -> new Kill().commit(killed);
      case ChildEvent.LimitReached reached -> new Limit().commit(reached);
    }
  }

  /** What all have. */
  @Category("jpopen")
  private abstract static class OfChild extends Event {
    @Label("Program")
    String program = "";

    @Label("Process Id")
    long pid;

    final void of(ChildEvent event) {
      program = event.program();
      pid = event.pid();
    }
  }

  @Name("io.github.jpopen.ChildStart")
  @Label("Child Start")
  @Description("A child process was started")
  private static final class Start extends OfChild {
    @Label("Start Time Taken")
    @Timespan(Timespan.NANOSECONDS)
    long startDuration;

    void commit(ChildEvent.Started event) {
      if (isEnabled()) {
        of(event);
        startDuration = event.startTime().toNanos();
        commit();
      }
    }
  }

  @Name("io.github.jpopen.ChildExit")
  @Label("Child Exit")
  @Description("A call has observed the exit of a child process, or no call will")
  @StackTrace(false)
  private static final class Exit extends OfChild {
    @Label("Exit Code")
    @Description("As in Python: -N for signal N, and the least integer if it is not known")
    int returncode;

    @Label("Observed")
    boolean observed;

    @Label("Lifetime")
    @Timespan(Timespan.NANOSECONDS)
    long lifetime;

    @Label("Input Sent")
    @DataAmount
    long bytesSent;

    @Label("Stdout Received")
    @DataAmount
    long stdoutBytes;

    @Label("Stderr Received")
    @DataAmount
    long stderrBytes;

    void commit(ChildEvent.Exited event) {
      if (isEnabled()) {
        of(event);
        returncode = event.returncode();
        observed = event.status().isPresent();
        lifetime = event.lifetime().toNanos();
        bytesSent = event.bytesSent();
        stdoutBytes = event.stdoutBytes();
        stderrBytes = event.stderrBytes();
        commit();
      }
    }
  }

  @Name("io.github.jpopen.ChildTimeout")
  @Label("Child Timeout")
  @Description("A call on a child process, or on its pipeline, reached its time limit")
  private static final class Timeout extends OfChild {
    @Label("Limit")
    @Description("TOTAL or IDLE")
    String limit = "";

    @Label("Timeout")
    @Timespan(Timespan.NANOSECONDS)
    long timeout;

    @Label("Lifetime")
    @Timespan(Timespan.NANOSECONDS)
    long lifetime;

    void commit(ChildEvent.TimedOut event) {
      if (isEnabled()) {
        of(event);
        limit = event.limit().name();
        timeout = nanos(event.timeout());
        lifetime = event.lifetime().toNanos();
        commit();
      }
    }
  }

  @Name("io.github.jpopen.ChildKill")
  @Label("Child Kill")
  @Description("A signal was sent that asks a child process to end, or kills it")
  private static final class Kill extends OfChild {
    @Label("Signal")
    String signal = "";

    @Label("Cause")
    @Description("CALLER, TIMEOUT, CANCEL, CLOSE or FAILURE")
    String cause = "";

    @Label("Lifetime")
    @Timespan(Timespan.NANOSECONDS)
    long lifetime;

    void commit(ChildEvent.Killed event) {
      if (isEnabled()) {
        of(event);
        signal = event.signal().name();
        cause = event.cause().name();
        lifetime = event.lifetime().toNanos();
        commit();
      }
    }
  }

  @Name("io.github.jpopen.ChildLimit")
  @Label("Child Output Limit")
  @Description("An output of a child process passed its limit")
  private static final class Limit extends OfChild {
    @Label("Stream")
    @Description("stdout or stderr")
    String stream = "";

    @Label("Received")
    @DataAmount
    long received;

    @Label("Lifetime")
    @Timespan(Timespan.NANOSECONDS)
    long lifetime;

    void commit(ChildEvent.LimitReached event) {
      if (isEnabled()) {
        of(event);
        stream = event.stream().label();
        received = event.received();
        lifetime = event.lifetime().toNanos();
        commit();
      }
    }
  }

  /** A timeout may be longer than a long has nanoseconds, or negative. */
  private static long nanos(Duration time) {
    Duration longest = Duration.ofNanos(Long.MAX_VALUE);
    if (time.compareTo(longest) > 0) {
      return Long.MAX_VALUE;
    }
    return time.isNegative() ? 0 : time.toNanos();
  }
}
