package io.github.jpopen.posix.guard;

import io.github.jpopen.posix.tree.TreeMark;
import io.github.jpopen.spi.SpawnRequest;
import io.github.jpopen.spi.SpawnRequest.Clear;
import io.github.jpopen.spi.SpawnRequest.EnvironmentChange;
import io.github.jpopen.spi.SpawnRequest.Identity;
import io.github.jpopen.spi.SpawnRequest.PosixSettings;
import io.github.jpopen.spi.SpawnRequest.Put;
import io.github.jpopen.spi.SpawnRequest.Text;
import io.github.jpopen.spi.SpawnRequest.WindowsSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How the guard is started. It has a session of its own, so no signal of a terminal reaches it. Of
 * this JVM it has nothing but the pipe.
 */
final class GuardRequest {
  private GuardRequest() {}

  static SpawnRequest make() {
    return new SpawnRequest(
        List.of(
            new Text("/bin/sh"), new Text("-c"), new Text(GuardScript.TEXT), new Text("jpopen")),
        false,
        null,
        null,
        environment(),
        new SpawnRequest.Pipe(),
        new SpawnRequest.Null(),
        new SpawnRequest.Null(),
        new PosixSettings(
            true,
            OptionalInt.empty(),
            OptionalInt.empty(),
            List.of(),
            OptionalInt.empty(),
            Identity.OURS,
            true,
            Optional.empty()),
        WindowsSettings.NONE,
        false,
        false);
  }

  // If this JVM is itself in a tree, so is its guard.
  private static List<EnvironmentChange> environment() {
    List<EnvironmentChange> changes = new ArrayList<>();
    changes.add(new Clear());
    changes.add(new Put("PATH", "/usr/bin:/bin"));
    changes.add(new Put("LC_ALL", "C"));
    String outer = System.getenv(TreeMark.VARIABLE);
    if (outer != null) {
      changes.add(new Put(TreeMark.VARIABLE, outer));
    }
    return changes;
  }
}
