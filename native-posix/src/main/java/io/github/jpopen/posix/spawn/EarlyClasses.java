package io.github.jpopen.posix.spawn;

import io.github.jpopen.posix.arguments.WorkingDirectory;
import io.github.jpopen.posix.child.EndClasses;
import io.github.jpopen.posix.constants.PosixConstants;
import io.github.jpopen.posix.libc.Posix;
import io.github.jpopen.spi.SpawnRefused;
import io.github.jpopen.spi.SpawnRequest;
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

  static void load(PosixConstants constants) {
    if (!isInFolder()) {
      return;
    }
    // First by name: what cannot be loaded is then missing for these lines only.
    Class<?>[] _ = {
      SpawnRefused.Culprit.class,
      SpawnRequest.SharedPipe.class,
      SpawnRequest.PipeToNext.class,
      SpawnRequest.Linked.class,
      SpawnRequest.Descriptor.class,
      SpawnRequest.File.class,
      SpawnRequest.File.Mode.class,
      RedirectFile.class,
      WorkingDirectory.class,
      Posix.Access.class,
    };
    EndClasses.load();
    String _ = constants.errorName(constants.EMFILE());
    Object _ = constants.signalName(constants.SIGKILL());
  }

  private static boolean isInFolder() {
    CodeSource source = EarlyClasses.class.getProtectionDomain().getCodeSource();
    URL place = source == null ? null : source.getLocation();
    return place != null && place.getPath().endsWith("/");
  }
}
