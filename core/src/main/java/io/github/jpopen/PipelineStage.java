package io.github.jpopen;

import io.github.jpopen.command.CommandLabel;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one stage of a {@link Pipeline} had done when an exception was made, see {@link
 * SubprocessException#stages}.
 *
 * <p>Immutable and thread-safe; for the output see {@link Captured}.
 *
 * @param program the program's name, see {@link SubprocessException#program}
 * @param args the program and its arguments, for display only
 * @param status how it ended; empty if its exit was not observed
 * @param ending what ended it; empty if its exit was not observed
 * @param stderr what it wrote to a stderr of its own, up to then. After {@link
 *     Pipeline#stderrTogether} the first stage without a stderr of its own has the common one
 * @since 0.1
 */
public record PipelineStage(
    String program,
    List<String> args,
    Optional<ExitStatus> status,
    Optional<Ending> ending,
    Captured stderr) {
  /**
   * Copies the list.
   *
   * @param program the program's name
   * @param args the program and its arguments
   * @param status may be empty
   * @param ending may be empty
   * @param stderr what was received
   */
  public PipelineStage {
    Objects.requireNonNull(program, "program is null");
    args = List.copyOf(Objects.requireNonNull(args, "args is null"));
    Objects.requireNonNull(status, "status is null");
    Objects.requireNonNull(ending, "ending is null");
    Objects.requireNonNull(stderr, "stderr is null");
  }

  static PipelineStage of(
      CommandLabel label, @Nullable ExitStatus status, @Nullable Ending ending, Captured stderr) {
    return new PipelineStage(
        label.program(),
        label.args(),
        Optional.ofNullable(status),
        Optional.ofNullable(ending),
        stderr);
  }

  /**
   * Describes the stage without its arguments, which may be secret.
   *
   * @return the program and how it ended
   */
  @Override
  public String toString() {
    return "PipelineStage["
        + program
        + ", "
        + status.map(how -> "returncode: " + how.returncode()).orElse("running")
        + "]";
  }
}
