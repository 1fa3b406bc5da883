package io.github.jpopen.bench.conform;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.zeroturnaround.exec.ProcessExecutor;
import org.zeroturnaround.exec.ProcessResult;
import org.zeroturnaround.exec.StartedProcess;

/** zt-exec, which copies both outputs to streams of the caller. */
final class ZtExecLibrary implements Library {
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
            .redirectError(stderr);
    return call.folder() == null ? executor : executor.directory(call.folder().toFile());
  }

  @Override
  public Outcome call(Call call, Duration limit) throws IOException, InterruptedException {
    ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    ByteArrayOutputStream stderr = new ByteArrayOutputStream();
    try {
      ProcessResult result =
          executor(call, stdout, stderr).timeout(limit.toMillis(), TimeUnit.MILLISECONDS).execute();
      return new Done(result.getExitValue(), stdout.toByteArray(), stderr.toByteArray());
    } catch (TimeoutException e) {
      return new TimedOut(stdout.toByteArray());
    }
  }

  @Override
  public Running start(Call call) throws IOException {
    ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    ByteArrayOutputStream stderr = new ByteArrayOutputStream();
    StartedProcess started = executor(call, stdout, stderr).start();
    return new Running() {
      @Override
      public Outcome await(Duration limit) throws InterruptedException, ExecutionException {
        Future<ProcessResult> result = started.getFuture();
        try {
          int code = result.get(limit.toMillis(), TimeUnit.MILLISECONDS).getExitValue();
          return new Done(code, stdout.toByteArray(), stderr.toByteArray());
        } catch (TimeoutException e) {
          return new TimedOut(stdout.toByteArray());
        }
      }

      @Override
      public void end() throws InterruptedException {
        started.getProcess().destroyForcibly().waitFor();
      }
    };
  }
}
