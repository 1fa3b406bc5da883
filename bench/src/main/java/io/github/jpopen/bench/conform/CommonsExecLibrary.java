package io.github.jpopen.bench.conform;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import org.apache.commons.exec.CommandLine;
import org.apache.commons.exec.DefaultExecuteResultHandler;
import org.apache.commons.exec.DefaultExecutor;
import org.apache.commons.exec.ExecuteException;
import org.apache.commons.exec.ExecuteWatchdog;
import org.apache.commons.exec.PumpStreamHandler;

/** Apache Commons Exec, which copies both outputs to streams of the caller. */
final class CommonsExecLibrary implements Library {
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

  private static DefaultExecutor executor(
      Call call,
      ExecuteWatchdog watchdog,
      ByteArrayOutputStream stdout,
      ByteArrayOutputStream stderr) {
    DefaultExecutor.Builder<?> builder = DefaultExecutor.builder();
    if (call.folder() != null) {
      builder.setWorkingDirectory(call.folder().toFile());
    }
    DefaultExecutor executor = builder.get();
    executor.setExitValues(null); // each is a result
    executor.setWatchdog(watchdog);
    executor.setStreamHandler(
        new PumpStreamHandler(stdout, stderr, new ByteArrayInputStream(call.input())));
    return executor;
  }

  @Override
  public Outcome call(Call call, Duration limit) throws IOException {
    ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    ByteArrayOutputStream stderr = new ByteArrayOutputStream();
    ExecuteWatchdog watchdog = ExecuteWatchdog.builder().setTimeout(limit).get();
    int code = executor(call, watchdog, stdout, stderr).execute(line(call));
    return watchdog.killedProcess()
        ? new TimedOut(stdout.toByteArray())
        : new Done(code, stdout.toByteArray(), stderr.toByteArray());
  }

  @Override
  public Running start(Call call) throws IOException {
    ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    ByteArrayOutputStream stderr = new ByteArrayOutputStream();
    ExecuteWatchdog watchdog =
        ExecuteWatchdog.builder().setTimeout(ExecuteWatchdog.INFINITE_TIMEOUT_DURATION).get();
    DefaultExecuteResultHandler handler = new DefaultExecuteResultHandler();
    executor(call, watchdog, stdout, stderr).execute(line(call), handler);
    return new Running() {
      @Override
      public Outcome await(Duration limit) throws ExecuteException, InterruptedException {
        handler.waitFor(limit);
        if (!handler.hasResult()) {
          return new TimedOut(stdout.toByteArray());
        }
        if (handler.getException() != null) {
          throw handler.getException();
        }
        return new Done(handler.getExitValue(), stdout.toByteArray(), stderr.toByteArray());
      }

      @Override
      public void end() {
        watchdog.destroyProcess();
      }
    };
  }
}
