package io.github.jpopen.bench.conform;

import io.github.jpopen.conformance.Call;
import io.github.jpopen.conformance.Outcome;
import io.github.jpopen.conformance.ProcessLibrary;
import io.github.jpopen.conformance.RunningCall;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.apache.commons.exec.CommandLine;
import org.apache.commons.exec.DefaultExecuteResultHandler;
import org.apache.commons.exec.DefaultExecutor;
import org.apache.commons.exec.ExecuteException;
import org.apache.commons.exec.ExecuteWatchdog;
import org.apache.commons.exec.PumpStreamHandler;
import org.apache.commons.exec.environment.EnvironmentUtils;

/** Apache Commons Exec, which copies both outputs to streams of the caller. */
final class CommonsExecLibrary implements ProcessLibrary {
  @Override
  public String name() {
    return "commons-exec";
  }

  private static CommandLine line(Call call) {
    CommandLine line = new CommandLine(call.command().getFirst());
    for (String argument : call.command().subList(1, call.command().size())) {
      line.addArgument(argument, false);
    }
    return line;
  }

  private static Map<String, String> environment(Call call) throws IOException {
    Map<String, String> all = EnvironmentUtils.getProcEnvironment();
    all.putAll(call.environment());
    return all;
  }

  private static DefaultExecutor executor(
      Call call,
      ExecuteWatchdog watchdog,
      ByteArrayOutputStream stdout,
      ByteArrayOutputStream stderr) {
    DefaultExecutor.Builder<?> builder = DefaultExecutor.builder();
    call.directory().ifPresent(directory -> builder.setWorkingDirectory(directory.toFile()));
    DefaultExecutor executor = builder.get();
    executor.setExitValues(null); // each is a result
    executor.setWatchdog(watchdog);
    executor.setStreamHandler(
        new PumpStreamHandler(stdout, stderr, new ByteArrayInputStream(call.input())));
    return executor;
  }

  @Override
  public Outcome run(Call call, Duration limit) throws IOException {
    ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    ByteArrayOutputStream stderr = new ByteArrayOutputStream();
    ExecuteWatchdog watchdog = ExecuteWatchdog.builder().setTimeout(limit).get();
    int code = executor(call, watchdog, stdout, stderr).execute(line(call), environment(call));
    return watchdog.killedProcess()
        ? new Outcome.TimedOut(stdout.toByteArray())
        : new Outcome.Ended(code, stdout.toByteArray(), stderr.toByteArray());
  }

  @Override
  public RunningCall start(Call call) throws IOException {
    ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    ByteArrayOutputStream stderr = new ByteArrayOutputStream();
    ExecuteWatchdog watchdog =
        ExecuteWatchdog.builder().setTimeout(ExecuteWatchdog.INFINITE_TIMEOUT_DURATION).get();
    DefaultExecuteResultHandler handler = new DefaultExecuteResultHandler();
    executor(call, watchdog, stdout, stderr).execute(line(call), environment(call), handler);
    return new RunningCall() {
      @Override
      public Outcome await(Duration limit) throws ExecuteException, InterruptedException {
        handler.waitFor(limit);
        if (!handler.hasResult()) {
          return new Outcome.TimedOut(stdout.toByteArray());
        }
        if (handler.getException() != null) {
          throw handler.getException();
        }
        return new Outcome.Ended(
            handler.getExitValue(), stdout.toByteArray(), stderr.toByteArray());
      }

      @Override
      public void end() {
        watchdog.destroyProcess();
      }
    };
  }
}
