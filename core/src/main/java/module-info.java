import org.jspecify.annotations.NullMarked;

/**
 * Python's {@code subprocess.Popen.communicate} for Java: start a child process, send it input,
 * read both of its outputs, wait with a timeout, and lose nothing.
 *
 * @since 0.1
 */
@NullMarked
@SuppressWarnings("module") // The qualified exports name modules that are compiled later.
module io.github.jpopen {
  requires static jdk.jfr; // where a runtime has it
  requires static org.jspecify;

  exports io.github.jpopen;
  exports io.github.jpopen.platform to
      io.github.jpopen.testing;
  exports io.github.jpopen.spi to
      io.github.jpopen.posix,
      io.github.jpopen.testing,
      io.github.jpopen.windows;

  uses io.github.jpopen.spi.ProcessPlatform;
}
