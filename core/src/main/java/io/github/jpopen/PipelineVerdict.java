package io.github.jpopen;

import java.util.Arrays;
import java.util.List;

/**
 * Finds the stage that decides how a pipeline ended: the last one that failed. Bash's pipefail,
 * except that a stage whose reader has ended before it did not fail.
 */
final class PipelineVerdict {
  static final int SUCCESS = -1;

  private PipelineVerdict() {}

  /** The stage that decides; {@link #SUCCESS} if none has failed. */
  static int failedStage(List<ExitStatus> statuses, boolean failsOnSigpipe, int... accepted) {
    int last = statuses.size() - 1;
    for (int i = last; i >= 0; i--) {
      ExitStatus status = statuses.get(i);
      boolean forgiven = i < last && !failsOnSigpipe && isKilledBySigpipe(status);
      if (!forgiven && Arrays.stream(accepted).noneMatch(code -> code == status.returncode())) {
        return i;
      }
    }
    return SUCCESS;
  }

  private static boolean isKilledBySigpipe(ExitStatus status) {
    return status instanceof ExitStatus.Signaled signaled
        && signaled.signal().name().equals("SIGPIPE");
  }

  /** How the pipeline ended. */
  static ExitStatus status(List<ExitStatus> statuses, boolean failsOnSigpipe) {
    int failed = failedStage(statuses, failsOnSigpipe, 0);
    return failed == SUCCESS ? statuses.getLast() : statuses.get(failed);
  }
}
