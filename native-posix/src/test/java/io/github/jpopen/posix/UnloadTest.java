package io.github.jpopen.posix;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.Command;
import io.github.jpopen.Popen;
import io.github.jpopen.Redirect;
import java.io.File;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A class loader that used the library is collected, with the threads and descriptors it had. */
class UnloadTest extends PosixTest {
  private static final int LOADERS = 10;

  @TempDir @Nullable Path directory;

  /** What a copy of the library is used for. */
  enum Use {
    RUN_ON_A_PLATFORM_THREAD {
      @Override
      void use() throws Exception {
        run();
      }
    },
    RUN_ON_A_VIRTUAL_THREAD {
      @Override
      void use() throws Exception {
        onVirtualThread(Use::run);
      }
    },
    WAIT_ON_A_VIRTUAL_THREAD {
      @Override
      void use() throws Exception {
        onVirtualThread(() -> Command.of("sleep", "0.05").run());
      }
    },
    RUN_ASYNC {
      @Override
      void use() throws Exception {
        Command.of("sleep", "0.05").runAsync().get();
      }
    },
    ON_EXIT {
      @Override
      void use() throws Exception {
        try (Popen<byte[]> child = Command.of("sleep", "0.05").start()) {
          child.onExit().get();
        }
      }
    },
    DROPPED {
      @Override
      void use() throws Exception {
        long _ = Command.of("true").captureOutput().start().pid();
      }
    },
    DROPPED_WHILE_IT_LIVES {
      @Override
      void use() throws Exception {
        long _ = Command.of("cat").stdin(Redirect.PIPE).captureOutput().start().pid();
      }
    },
    CLOSED_WHILE_IT_LIVES {
      @Override
      void use() throws Exception {
        Popen<byte[]> child = Command.of("sleep", "0.3").start();
        Thread.currentThread().interrupt();
        child.close();
        boolean _ = Thread.interrupted();
      }
    },
    TIMED_OUT {
      @Override
      void use() throws Exception {
        try {
          Command.of("sleep", "10").timeout(Duration.ofMillis(20)).run();
        } catch (io.github.jpopen.TimeoutExpiredException e) {
          // It was killed.
        }
      }
    },
    EVERYTHING {
      @Override
      void use() throws Exception {
        for (Use one : values()) {
          if (one != EVERYTHING) {
            one.use();
          }
        }
      }
    };

    abstract void use() throws Exception;

    private static void run() throws IOException, InterruptedException {
      Command.shell("cat; echo err >&2").captureOutput().input("in").check().run();
    }

    private interface Action {
      void run() throws Exception;
    }

    private static void onVirtualThread(Action action) throws Exception {
      FutureTask<Void> task =
          new FutureTask<>(
              () -> {
                action.run();
                return null;
              });
      Thread.ofVirtual().start(task);
      try {
        task.get();
      } catch (ExecutionException e) {
        throw new AssertionError(e);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void tenLoadersAreCollected(Use use) throws Exception {
    Path result = Objects.requireNonNull(directory).resolve("result");
    assertThat(
            new SubJvm()
                .option("-D" + Settings.IDLE + "=100")
                .run("exec \"$@\"", Loaders.class, result, use.name()))
        .isEqualTo(SubJvm.FINE);
  }

  /** Uses the library from class loaders of its own. */
  static final class Loaders {
    private Loaders() {}

    public static void main(String[] arguments) throws Exception {
      use(arguments[1]); // what the JDK itself opens and starts once
      await("the first is collected", () -> isAllGone(List.of()));
      List<String> before = descriptors();
      List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
      for (int i = 0; i < LOADERS; i++) {
        loaders.add(use(arguments[1]));
      }
      try {
        await("all are collected", () -> isAllGone(loaders) && isSubset(descriptors(), before));
      } catch (AssertionError e) {
        throw new AssertionError(
            loaders.stream().filter(loader -> loader.get() != null).count()
                + " loaders, threads "
                + threads()
                + ", descriptors "
                + descriptors()
                + " after "
                + before,
            e);
      }
      SubJvm.report(arguments[0], SubJvm.FINE);
    }

    private static WeakReference<ClassLoader> use(String name) throws Exception {
      List<URL> path = new ArrayList<>();
      for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
        path.add(Path.of(entry).toUri().toURL());
      }
      URLClassLoader loader =
          new URLClassLoader(path.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
      Thread.currentThread().setContextClassLoader(loader);
      Class<?> type = loader.loadClass(Use.class.getName());
      Method valueOf = type.getMethod("valueOf", String.class);
      Method use = type.getDeclaredMethod("use");
      valueOf.setAccessible(true); // they belong to another loader
      use.setAccessible(true);
      use.invoke(valueOf.invoke(null, name));
      Thread.currentThread().setContextClassLoader(null);
      return new WeakReference<>(loader);
    }

    private static boolean isAllGone(List<WeakReference<ClassLoader>> loaders) {
      System.gc();
      return loaders.stream().allMatch(loader -> loader.get() == null) && threads().isEmpty();
    }

    private static List<String> threads() {
      return Thread.getAllStackTraces().keySet().stream()
          .map(Thread::getName)
          .filter(name -> name.startsWith("jpopen") || name.startsWith("Cleaner"))
          .toList();
    }

    private static boolean isSubset(List<String> now, List<String> before) {
      List<String> more = new ArrayList<>(now);
      before.forEach(more::remove);
      return more.isEmpty();
    }

    // All of them: a copy of the library leaves no eventfd either.
    private static List<String> descriptors() {
      List<String> targets = new ArrayList<>();
      try (DirectoryStream<Path> links = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
        for (Path link : links) {
          String target = Files.exists(link) || Files.isSymbolicLink(link) ? target(link) : "";
          if (target.startsWith("anon_inode") || target.startsWith("pipe")) {
            targets.add(target);
          }
        }
      } catch (IOException e) {
        throw new AssertionError(e);
      }
      return targets;
    }

    private static String target(Path link) {
      try {
        return Files.readSymbolicLink(link).toString();
      } catch (IOException e) {
        return "";
      }
    }
  }
}
