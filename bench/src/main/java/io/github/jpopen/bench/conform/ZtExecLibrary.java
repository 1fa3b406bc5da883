package io.github.jpopen.bench.conform;

import io.github.jpopen.conformance.Call;
import io.github.jpopen.conformance.Outcome;
import io.github.jpopen.conformance.ProcessLibrary;
import io.github.jpopen.conformance.RunningCall;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.zeroturnaround.exec.ProcessExecutor;
import org.zeroturnaround.exec.ProcessResult;
import org.zeroturnaround.exec.StartedProcess;

/** zt-exec, which copies both outputs to streams of the caller. */
final class ZtExecLibrary implements ProcessLibrary {
  @Override
  public String name() {
    return "zt-exec";
  }

  private static ProcessExecutor executor(
      Call call, ByteArrayOutputStream stdout, ByteArrayOutputStream stderr) {
    ProcessExecutor executor =
        new ProcessExecutor(call.command())
            .redirectErrorStream(false)
            .redirectInput(new ByteArrayInputStream(call.input()))
            .redirectOutput(stdout)
            .redirectError(stderr)
            .environment(call.environment());
    return call.directory().map(folder -> executor.directory(folder.toFile())).orElse(executor);
  }

  @Override
  public Outcome run(Call call, Duration limit) throws IOException, InterruptedException {
    ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    ByteArrayOutputStream stderr = new ByteArrayOutputStream();
    try {
      ProcessResult result =
          executor(call, stdout, stderr).timeout(limit.toMillis(), TimeUnit.MILLISECONDS).execute();
      return new Outcome.Ended(result.getExitValue(), stdout.toByteArray(), stderr.toByteArray());
    } catch (TimeoutException e) {
      return new Outcome.TimedOut(stdout.toByteArray());
    }
  }

  @Override
  public String runText(Call call, Charset charset, Duration limit)
      throws IOException, InterruptedException, TimeoutException {
    return new ProcessExecutor(call.command())
        .redirectInput(new ByteArrayInputStream(call.input()))
        .readOutput(true)
        .timeout(limit.toMillis(), TimeUnit.MILLISECONDS)
        .execute()
        .outputString(charset.name());
  }

  @Override
  public RunningCall start(Call call) throws IOException {
    ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    ByteArrayOutputStream stderr = new ByteArrayOutputStream();
    StartedProcess started = executor(call, stdout, stderr).start();
    return new RunningCall() {
      @Override
      public Outcome await(Duration limit) throws InterruptedException, ExecutionException {
        Future<ProcessResult> result = started.getFuture();
        try {
          int code = result.get(limit.toMillis(), TimeUnit.MILLISECONDS).getExitValue();
          return new Outcome.Ended(code, stdout.toByteArray(), stderr.toByteArray());
        } catch (TimeoutException e) {
          return new Outcome.TimedOut(stdout.toByteArray());
        }
      }

      @Override
      public void end() throws InterruptedException {
        started.getProcess().destroyForcibly().waitFor();
      }
    };
  }
}
