package io.github.jpopen;

import io.github.jpopen.output.OutputForm;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What can be set on a {@link Command} and on a {@link Pipeline} alike; null if it is not set.
 *
 * @param <S> the subclass
 */
abstract class CallSettings<S extends CallSettings<S>> extends Settings<S> {
  @Nullable Redirect stdin;
  @Nullable Redirect stdout;
  @Nullable Redirect stderr;
  boolean captureOutput;
  OutputForm<?> form = new OutputForm.Bytes();
  boolean killOnClose;
  boolean killOnExit;
  boolean killTree;
  @Nullable String name;
  boolean showsStderr = true;
  @Nullable Input input;
  @Nullable Duration timeout;
  @Nullable Duration grace;
  @Nullable Duration drain;
  int @Nullable [] accepted;
  @Nullable OutputConsumer<String> lines;
  @Nullable OutputConsumer<byte[]> chunks;

  /** Refuses settings that exclude each other. */
  @Override
  void check() {
    if (captureOutput && (stdout != null || stderr != null)) {
      String other = stdout == null ? "stderr" : stderr == null ? "stdout" : "stdout and stderr";
      throw new IllegalArgumentException(
          "captureOutput and " + other + " are mutually exclusive: " + insteadOfCapture());
    }
    if (input != null && stdin != null) {
      throw new IllegalArgumentException(
          "stdin and input are mutually exclusive: input makes stdin a pipe");
    }
  }

  /** What to use if only one output is to be captured, for a message. */
  abstract String insteadOfCapture();

  /** Refuses settings that {@code start} would ignore. */
  final void checkStart() {
    String oneShot =
        input != null ? "input" : timeout != null ? "timeout" : accepted != null ? "check" : "";
    if (!oneShot.isEmpty()) {
      throw new IllegalStateException(
          oneShot + " is for run() and its family: start() would ignore it");
    }
  }

  /** Whether {@code checkOutput} captures without a further setting; refuses what it cannot. */
  final boolean capturesStdout() {
    if (stdout != null && !stdout.isCapturing()) {
      throw new IllegalArgumentException(
          "stdout is captured by checkOutput and cannot be " + stdout);
    }
    return captureOutput || stdout != null; // a limit or tee stays
  }

  /** Sets which exit codes are accepted; 0 if {@code codes} is empty. */
  final void accept(int... codes) {
    accepted = codes.length == 0 ? new int[] {0} : codes.clone();
  }

  /** Whether anything gets the outputs while they come. */
  final boolean hasConsumers() {
    return lines != null || chunks != null;
  }

  final Redirect stdin() {
    if (input != null) {
      return Redirect.PIPE;
    }
    return stdin == null ? Redirect.INHERIT : stdin;
  }

  final Redirect stdout() {
    return output(stdout);
  }

  final Redirect stderr() {
    return output(stderr);
  }

  private Redirect output(@Nullable Redirect set) {
    return Redirect.output(set, captureOutput, hasConsumers());
  }
}
