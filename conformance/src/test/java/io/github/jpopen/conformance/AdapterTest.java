package io.github.jpopen.conformance;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** One method makes an adapter. This one has files in place of pipes. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there every child is a JVM, which takes long")
class AdapterTest {
  @TempDir static Path folder;

  // @start region="adapter"
  /** Runs programs by ProcessBuilder, with files in place of pipes. */
  public static final class WithFiles implements ProcessLibrary {
    private final Path stdin = folder.resolve("stdin");
    private final Path stdout = folder.resolve("stdout");
    private final Path stderr = folder.resolve("stderr");

    @Override
    public Outcome run(Call call, Duration limit) throws IOException, InterruptedException {
      Files.write(stdin, call.input());
      ProcessBuilder builder = new ProcessBuilder(call.command());
      builder.environment().putAll(call.environment());
      call.directory().ifPresent(directory -> builder.directory(directory.toFile()));
      builder.redirectInput(stdin.toFile());
      builder.redirectOutput(stdout.toFile());
      builder.redirectError(stderr.toFile());
      Process process = builder.start();
      try {
        return process.waitFor(limit.toNanos(), NANOSECONDS)
            ? new Outcome.Ended(
                process.exitValue(), Files.readAllBytes(stdout), Files.readAllBytes(stderr))
            : new Outcome.TimedOut(Files.readAllBytes(stdout));
      } finally {
        process.destroyForcibly();
      }
    }
  }

  // @end

  private final ProcessLibrary library = new WithFiles();

  @Test
  void keepsRulesThatNeedOneMethod() throws Exception {
    assertThat(Rule.INPUT_AND_OUTPUT.require(library)).isEqualTo(new Verdict.Kept());
    assertThat(Rule.TIMEOUT_OUTPUT.require(library)).isEqualTo(new Verdict.Kept());
    assertThat(Rule.DIRECTORY.require(library)).isEqualTo(new Verdict.Kept());
  }

  /** Only a pipe has an end that can be waited for. */
  @Test
  void breaksTheRuleThatNeedsAPipe() throws Exception {
    assertThat(Rule.BACKGROUND_OUTPUT.ask(library)).isInstanceOf(Verdict.Broken.class);
  }

  @Test
  void offersNothingElse() throws Exception {
    assertThat(Rule.WAIT_AGAIN.require(library)).isEqualTo(new Verdict.NotOffered());
    assertThat(Rule.TEXT.require(library)).isEqualTo(new Verdict.NotOffered());
    assertThat(Rule.DRAIN.require(library)).isEqualTo(new Verdict.NotOffered());
  }
}
