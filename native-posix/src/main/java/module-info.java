import org.jspecify.annotations.NullMarked;

/** Processes on Linux and macOS. Exports nothing; core finds it as a service. */
@NullMarked
module io.github.jpopen.posix {
  requires static org.jspecify;
  requires io.github.jpopen;

  provides io.github.jpopen.spi.ProcessPlatform with
      io.github.jpopen.posix.PosixPlatform;
}
