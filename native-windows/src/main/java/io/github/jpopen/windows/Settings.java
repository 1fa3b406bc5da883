package io.github.jpopen.windows;

/**
 * What can be switched off, for tests and for systems that misbehave.
 *
 * @param unnamedPipes whether pipes without a name may be used
 * @param noWindow whether CREATE_NO_WINDOW may be set where nobody would see a console
 * @param poison whether memory is overwritten when no operation uses it any more, and looked at
 *     when it is used again
 */
record Settings(boolean unnamedPipes, boolean noWindow, boolean poison) {
  /** The system property that makes all pipes named ones when it is {@code false}. */
  static final String UNNAMED_PIPES = "io.github.jpopen.windows.unnamedPipes";

  /** The system property that keeps CREATE_NO_WINDOW from being set when it is {@code false}. */
  static final String NO_WINDOW = "io.github.jpopen.windows.noWindow";

  /** The system property that has buffers poisoned when it is {@code true}. */
  static final String POISON = "io.github.jpopen.windows.poison";

  static Settings ofSystemProperties() {
    return new Settings(
        !"false".equals(System.getProperty(UNNAMED_PIPES)),
        !"false".equals(System.getProperty(NO_WINDOW)),
        "true".equals(System.getProperty(POISON)));
  }
}
