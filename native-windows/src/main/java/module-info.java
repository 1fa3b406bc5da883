import io.github.jpopen.spi.ProcessPlatform;
import io.github.jpopen.windows.WindowsPlatform;
import org.jspecify.annotations.NullMarked;

/** Processes on Windows. Exports nothing; core finds it as a service. */
@NullMarked
module io.github.jpopen.windows {
  requires static org.jspecify;
  requires io.github.jpopen;

  provides ProcessPlatform with
      WindowsPlatform;
}
