package io.github.jpopen.bench.conform;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A way to run programs from Java, used as its documentation recommends. Thread-safe. */
interface Library {
  /** The name in the table. */
  String name();

  /** Runs a program to its end, with the library's own limit of time. */
  Outcome call(Call call, Duration limit) throws Exception;

  /** Starts a program, to be waited for in parts. */
  Running start(Call call) throws Exception;

  /** As {@link #call}, without waiting for processes that outlive the child; empty if it cannot. */
  default Optional<Outcome> callWithoutWaitingForOthers(Call call, Duration limit)
      throws Exception {
    return Optional.empty();
  }

  /**
   * What is run.
   *
   * @param command the program and its arguments
   * @param input what it reads from stdin, which then ends
   * @param folder its working directory; null for ours
   */
  @SuppressWarnings("ArrayRecordComponent") // large, and never compared
  record Call(List<String> command, byte[] input, @Nullable Path folder) {
    static Call of(String... command) {
      return new Call(List.of(command), new byte[0], null);
    }

    static Call shell(String script) {
      return of("/bin/sh", "-c", script);
    }

    Call input(byte[] bytes) {
      return new Call(command, bytes, folder);
    }

    Call folder(Path path) {
      return new Call(command, input, path);
    }
  }

  /** How a call ended. */
  sealed interface Outcome {}

  /**
   * The child has ended, and both outputs are complete.
   *
   * @param code as the library reports it
   */
  @SuppressWarnings("ArrayRecordComponent") // large, and never compared
  record Done(int code, byte[] stdout, byte[] stderr) implements Outcome {}

  /**
   * The limit has passed.
   *
   * @param stdout what was received until then; null if the library does not give it
   */
  @SuppressWarnings("ArrayRecordComponent") // large, and never compared
  record TimedOut(byte @Nullable [] stdout) implements Outcome {}

  /** A child that was started. */
  interface Running {
    /** Waits for the end of the child and of its outputs. */
    Outcome await(Duration limit) throws Exception;

    /** Kills the child if it still runs, and releases what belongs to it. */
    void end() throws Exception;
  }
}
