package io.github.jpopen;

import io.github.jpopen.command.CommandLabel;
import io.github.jpopen.command.VisibleText;
import io.github.jpopen.conversation.Conversation;
import io.github.jpopen.output.Snapshot;
import io.github.jpopen.spi.Deadline;
import io.github.jpopen.spi.SpawnRefused;
import io.github.jpopen.spi.SpawnRequest;
import io.github.jpopen.spi.Termination;
import java.net.URL;
import java.security.CodeSource;

/**
 * Classes that a start, or a child's end, needs when no descriptor is left (EMFILE), loaded before
 * that.
 *
 * <p>The JVM opens a class file of a folder when the class is first used. If it cannot, it keeps
 * the failure for each place that refers to the class, for good. A jar is opened once and stays
 * open, so there nothing is loaded early.
 */
final class EarlyClasses {
  private EarlyClasses() {}

  static void load(CommandLabel label) {
    if (!isInFolder()) {
      return;
    }
    // First by name: what cannot be loaded is then missing for these lines only.
    Class<?>[] _ = {
      SpawnRefused.Culprit.class,
      SpawnException.class,
      SpawnException.Culprit.class,
      VisibleText.class,
      Captured.class,
      Snapshot.class,
      SpawnRequest.File.class,
      SpawnRequest.File.Mode.class,
      CommunicateCall.class,
      Output.class,
      CompletedProcess.class,
      CalledProcessException.class,
      OutputLimitException.class,
      TimeoutExpiredException.Limit.class,
      Progress.class,
      ExitNumbers.class,
      ExitStatus.Exited.class,
      ExitStatus.Signaled.class,
      Termination.Exited.class,
      Termination.Killed.class,
      SignalLog.Sent.class,
      Deadline.class,
    };
    Conversation.loadClasses();
    Snapshot _ = Snapshot.EMPTY; // its class is made with the interface
    SpawnRefused refusal = new SpawnRefused("", "", SpawnRefused.Culprit.RESOURCES, "", 0, "");
    String _ = SpawnException.of(label, refusal).getMessage();
  }

  private static boolean isInFolder() {
    CodeSource source = EarlyClasses.class.getProtectionDomain().getCodeSource();
    URL place = source == null ? null : source.getLocation();
    return place != null && place.getPath().endsWith("/");
  }
}
