package io.github.jpopen.conformance;

import io.github.jpopen.conformance.Outcome.Ended;
import io.github.jpopen.conformance.Outcome.TimedOut;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A library that is right, but for one thing. */
class WrongLibrary implements ProcessLibrary {
  static final ProcessLibrary RIGHT = new ProcessBuilderLibrary();
  static final Duration LONG = Duration.ofMinutes(1);

  /** What is done in the place of a call. */
  interface Running {
    Outcome run(Call call, Duration limit) throws Exception;
  }

  @Override
  public Outcome run(Call call, Duration limit) throws Exception {
    return RIGHT.run(call, limit);
  }

  @Override
  public RunningCall start(Call call) throws Exception {
    return RIGHT.start(call);
  }

  static ProcessLibrary running(Running running) {
    return running::run;
  }

  /** Changes the command. */
  static ProcessLibrary commands(UnaryOperator<List<String>> change) {
    return (call, limit) -> {
      Call other = Call.of(change.apply(call.command())).withInput(call.input());
      return RIGHT.run(other.with(call.environment()), limit);
    };
  }

  /** Changes each word of the command. */
  static ProcessLibrary arguments(UnaryOperator<String> change) {
    return commands(words -> words.stream().map(change).toList());
  }

  /** Changes what comes out at the end. */
  static ProcessLibrary ended(UnaryOperator<Ended> change) {
    return (call, limit) ->
        RIGHT.run(call, limit) instanceof Ended ended ? change.apply(ended) : new TimedOut();
  }

  /** Changes what waits. */
  static ProcessLibrary awaiting(UnaryOperator<RunningCall> change) {
    return new WrongLibrary() {
      @Override
      public RunningCall start(Call call) throws Exception {
        return change.apply(RIGHT.start(call));
      }
    };
  }

  /** One thread, which first writes all and then reads one output after the other. */
  static Outcome oneThread(Call call, Duration limit, Consumer<ProcessBuilder> options)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(call.command());
    builder.environment().putAll(call.environment());
    options.accept(builder);
    Process process = builder.start();
    try (var stdin = process.getOutputStream()) {
      stdin.write(call.input());
    }
    byte[] stdout = process.getInputStream().readAllBytes();
    byte[] stderr = process.getErrorStream().readAllBytes();
    return new Ended(process.waitFor(), stdout, stderr);
  }
}
