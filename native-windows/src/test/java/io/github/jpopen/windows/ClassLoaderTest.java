package io.github.jpopen.windows;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A class loader that used the library can be collected once its threads were idle. */
@EnabledOnOs(OS.WINDOWS)
class ClassLoaderTest {
  private static final int LOADERS = 3;
  private static final long LIMIT_NANOS = 60_000_000_000L;

  /** Starts children; runs in a class loader of its own. */
  public static final class Program implements Runnable {
    /** Public for the class loader's user. */
    public Program() {}

    @Override
    public void run() {
      try {
        io.github.jpopen.Command<String> command =
            io.github.jpopen.Command.of("cmd.exe", "/c", "echo a& exit 3").text();
        if (!command.captureOutput().run().stdout().startsWith("a")) {
          throw new AssertionError("no output");
        }
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
  }

  private static URL[] classPath() throws Exception {
    List<URL> urls = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      urls.add(Path.of(entry).toUri().toURL());
    }
    return urls.toArray(URL[]::new);
  }

  private static WeakReference<ClassLoader> use(boolean virtual) throws Exception {
    URLClassLoader loader = new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader());
    Runnable program =
        (Runnable) loader.loadClass(Program.class.getName()).getDeclaredConstructor().newInstance();
    FutureTask<Void> task = new FutureTask<>(program, null);
    Thread thread =
        virtual ? Thread.ofVirtual().start(task) : Thread.ofPlatform().daemon().start(task);
    task.get();
    thread.join();
    loader.close();
    return new WeakReference<>(loader);
  }

  @Test
  void usedLoadersAreCollected() throws Exception {
    System.setProperty(Settings.IDLE, "50");
    try {
      for (boolean virtual : new boolean[] {false, true}) {
        for (int i = 0; i < LOADERS; i++) {
          WeakReference<ClassLoader> loader = use(virtual);
          long start = System.nanoTime();
          while (loader.get() != null && System.nanoTime() - start < LIMIT_NANOS) {
            System.gc();
            LockSupport.parkNanos(100_000_000);
          }
          assertThat(loader.get()).as("loader %d, virtual %s", i, virtual).isNull();
        }
      }
    } finally {
      System.clearProperty(Settings.IDLE);
    }
  }
}
