package io.github.jpopen.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.Command;
import io.github.jpopen.Pipeline;
import io.github.jpopen.TimeoutExpiredException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.net.URL;
import java.time.Duration;
import java.util.Collections;
import java.util.Enumeration;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** Fakes work where no native module is present, as on a system that jpopen does not serve. */
class WithoutNativeModuleTest {
  /** Runs in a class loader of its own. */
  public static final class Program implements Callable<String> {
    /** For reflection. */
    public Program() {}

    @Override
    public String call() throws Exception {
      try (FakePrograms fakes = FakePrograms.install()) {
        fakes.on("git").stdout("abc\n").exit(3);
        fakes.on("server").hangs();
        StringBuilder seen = new StringBuilder();
        seen.append(Command.of("git").text().captureOutput().run().stdout());
        seen.append(
            Pipeline.of(Command.of("git"), Command.of("git")).captureOutput().run().returncode());
        try (Arena arena = Arena.ofConfined()) {
          seen.append(Command.of("git").offHeap(arena).captureOutput().run().stdout().byteSize());
        }
        try {
          Command.of("server").timeout(Duration.ofMillis(10)).run();
        } catch (TimeoutExpiredException e) {
          seen.append(fakes.calls().getLast().signals());
        }
        try {
          Command.of("true").run();
        } catch (AssertionError e) {
          seen.append(e.getMessage());
        }
        fakes.passThrough();
        try {
          Command.of("true").run();
        } catch (UnsupportedOperationException e) {
          seen.append("; without a native module");
        }
        return seen.toString();
      }
    }
  }

  /** Has the classes of jpopen except for the native modules. */
  private static final class WithoutNative extends ClassLoader {
    private final ClassLoader all = WithoutNativeModuleTest.class.getClassLoader();

    WithoutNative() {
      super(ClassLoader.getPlatformClassLoader());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      if (!name.startsWith("io.github.jpopen.")
          || name.startsWith("io.github.jpopen.posix.")
          || name.startsWith("io.github.jpopen.windows.")) {
        throw new ClassNotFoundException(name);
      }
      try (InputStream file = all.getResourceAsStream(name.replace('.', '/') + ".class")) {
        if (file == null) {
          throw new ClassNotFoundException(name);
        }
        byte[] bytes = file.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }

    @Override
    protected Enumeration<URL> findResources(String name) {
      return Collections.emptyEnumeration();
    }
  }

  @Test
  void fakesWork() throws Exception {
    Class<?> program = new WithoutNative().loadClass(Program.class.getName());
    Object seen = ((Callable<?>) program.getConstructor().newInstance()).call();
    assertThat(seen)
        .isEqualTo(
            "abc\n34[SIGKILL]no fake program for [true]; there are\n  [git]\n  [server]"
                + "; without a native module");
  }
}
