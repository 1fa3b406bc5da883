package io.github.jpopen.bench.conform;

import static io.github.jpopen.Redirect.PIPE;

import io.github.jpopen.Command;
import io.github.jpopen.CompletedProcess;
import io.github.jpopen.Input;
import io.github.jpopen.Output;
import io.github.jpopen.Popen;
import io.github.jpopen.TimeoutExpiredException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** jpopen. */
final class JpopenLibrary implements Library {
  private static final Duration DRAIN = Duration.ofMillis(50);

  @Override
  public String name() {
    return "jpopen";
  }

  private static Command<byte[]> command(Call call) {
    Command<byte[]> command = Command.of(call.command()).captureOutput();
    return call.folder() == null ? command : command.cwd(call.folder());
  }

  @Override
  public Outcome call(Call call, Duration limit) throws IOException, InterruptedException {
    return run(command(call).input(call.input()).timeout(limit));
  }

  @Override
  public Optional<Outcome> callWithoutWaitingForOthers(Call call, Duration limit)
      throws IOException, InterruptedException {
    return Optional.of(run(command(call).input(call.input()).timeout(limit).drain(DRAIN)));
  }

  private static Outcome run(Command<byte[]> command) throws IOException, InterruptedException {
    try {
      CompletedProcess<byte[]> done = command.run();
      return new Done(done.returncode(), done.stdout(), done.stderr());
    } catch (TimeoutExpiredException e) {
      return new TimedOut(e.stdout().bytes());
    }
  }

  @Override
  public Running start(Call call) throws IOException {
    Popen<byte[]> child = command(call).stdin(PIPE).killOnClose().start();
    return new Running() {
      private boolean sending;

      @Override
      public Outcome await(Duration limit) throws IOException, InterruptedException {
        try {
          Output<byte[]> output =
              sending
                  ? child.communicate(limit)
                  : child.communicate(Input.wrap(call.input()), limit);
          return new Done(child.returncode(), output.stdout(), output.stderr());
        } catch (TimeoutExpiredException e) {
          return new TimedOut(e.stdout().bytes());
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
