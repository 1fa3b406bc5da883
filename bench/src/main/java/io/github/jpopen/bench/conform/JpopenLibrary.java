package io.github.jpopen.bench.conform;

import static io.github.jpopen.Redirect.PIPE;

import io.github.jpopen.Command;
import io.github.jpopen.CompletedProcess;
import io.github.jpopen.Input;
import io.github.jpopen.Output;
import io.github.jpopen.Popen;
import io.github.jpopen.TimeoutExpiredException;
import io.github.jpopen.conformance.Call;
import io.github.jpopen.conformance.Outcome;
import io.github.jpopen.conformance.ProcessLibrary;
import io.github.jpopen.conformance.RunningCall;
import java.io.IOException;
import java.nio.charset.Charset;
import java.time.Duration;

/** jpopen. */
final class JpopenLibrary implements ProcessLibrary {
  private static final Duration DRAIN = Duration.ofMillis(50);

  @Override
  public String name() {
    return "jpopen";
  }

  private static Command<byte[]> command(Call call) {
    Command<byte[]> command = Command.of(call.command()).captureOutput().env(call.environment());
    return call.directory().map(command::cwd).orElse(command);
  }

  @Override
  public Outcome run(Call call, Duration limit) throws IOException, InterruptedException {
    return run(command(call).input(call.input()).timeout(limit));
  }

  @Override
  public Outcome runWithoutWaitingForOthers(Call call, Duration limit)
      throws IOException, InterruptedException {
    return run(command(call).input(call.input()).timeout(limit).drain(DRAIN));
  }

  @Override
  public String runText(Call call, Charset charset, Duration limit)
      throws IOException, InterruptedException {
    return command(call).input(call.input()).timeout(limit).text(charset).run().stdout();
  }

  private static Outcome run(Command<byte[]> command) throws IOException, InterruptedException {
    try {
      CompletedProcess<byte[]> done = command.run();
      return new Outcome.Ended(done.returncode(), done.stdout(), done.stderr());
    } catch (TimeoutExpiredException e) {
      return new Outcome.TimedOut(e.stdout().bytes());
    }
  }

  @Override
  public RunningCall start(Call call) throws IOException {
    Popen<byte[]> child = command(call).stdin(PIPE).killOnClose().start();
    return new RunningCall() {
      private boolean sending;

      @Override
      public Outcome await(Duration limit) throws IOException, InterruptedException {
        try {
          Output<byte[]> output =
              sending
                  ? child.communicate(limit)
                  : child.communicate(Input.wrap(call.input()), limit);
          return new Outcome.Ended(child.returncode(), output.stdout(), output.stderr());
        } catch (TimeoutExpiredException e) {
          return new Outcome.TimedOut(e.stdout().bytes());
        } finally {
          sending = true;
        }
      }

      @Override
      public void end() throws IOException {
        child.close();
      }
    };
  }
}
