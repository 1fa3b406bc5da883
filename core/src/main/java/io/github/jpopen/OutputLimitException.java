package io.github.jpopen;

import io.github.jpopen.command.CommandLabel;

/**
 * A child wrote more than {@link Redirect#limit} allows. Holds what came before that.
 *
 * {@snippet file="OutputSnippets.java" region="limit" :
 * Command<String> endless = Command.of("yes").text().stdout(PIPE.limit(1 << 20));
 * try {
 *   endless.checkCall();
 * } catch (OutputLimitException e) { // "yes" was killed
 *   IO.println(e.stream() + ": " + e.stdout().size()); // STDOUT: 1048576
 * }
 * }
 *
 * <ul>
 *   <li>When a method of {@link Popen} throws it, the child lives on. The next call throws it
 *       again: end the child. {@link Popen#close} kills it.
 *   <li>When a one-shot call of {@link Command} throws it, the child has been killed. If the system
 *       refused that, the message says so and the child lives on.
 * </ul>
 *
 * @since 0.1
 */
public final class OutputLimitException extends SubprocessException {
  private static final long serialVersionUID = 1L;

  /** See {@link #stream()}. */
  private final StreamName stream;

  private OutputLimitException(
      CommandLabel label, StreamName stream, Captured stdout, Captured stderr) {
    super(label, message(label, stream, stdout, stderr), null, stdout, stderr);
    this.stream = stream;
  }

  /** As its superclass: to verify a caller that returned this class, the JVM would load it. */
  static SubprocessException of(
      CommandLabel label, StreamName stream, Captured stdout, Captured stderr) {
    return new OutputLimitException(label, stream, stdout, stderr);
  }

  private static String message(
      CommandLabel label, StreamName stream, Captured stdout, Captured stderr) {
    Captured output = stream == StreamName.STDOUT ? stdout : stderr;
    return label.command()
        + " wrote more to "
        + stream.label()
        + " than its limit of "
        + Output.count(output.size(), "byte");
  }

  /**
   * Returns which output is over its limit.
   *
   * @return stdout, if both are
   */
  public StreamName stream() {
    return stream;
  }
}
