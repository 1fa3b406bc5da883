package io.github.jpopen.conformance.children;

import java.nio.file.Files;
import java.nio.file.Path;

/** What the children are. */
public enum Children {
  /** Scripts of {@code /bin/sh}, which start in a millisecond. */
  SHELLS,
  /** JVMs, which exist wherever this one does. */
  JVMS;

  private static final String PROPERTY = "io.github.jpopen.conformance.children";
  static final Path SHELL = Path.of("/bin/sh");

  /**
   * As the system property says.
   *
   * @return {@link #JVMS} where there is no shell
   */
  public static Children here() {
    boolean java = "java".equals(System.getProperty(PROPERTY));
    return !java && Files.isExecutable(SHELL) ? SHELLS : JVMS;
  }
}
