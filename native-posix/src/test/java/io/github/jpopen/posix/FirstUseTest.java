package io.github.jpopen.posix;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.Command;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The first children of a JVM, started by many virtual threads at once. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "starts children of POSIX")
class FirstUseTest {
  @TempDir Path temp = Path.of("");

  @Test
  void firstChildrenShareOnePoller() throws Exception {
    assertThat(new SubJvm().run("exec \"$@\"", Main.class, temp.resolve("result")))
        .isEqualTo(SubJvm.FINE);
  }

  /** Talks to many children at once and counts the threads that are left. */
  static final class Main {
    private static final int CALLERS = 100;

    private Main() {}

    public static void main(String[] arguments) throws Exception {
      CountDownLatch together = new CountDownLatch(CALLERS);
      try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<String>> outputs = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
          outputs.add(
              executor.submit(
                  () -> {
                    together.countDown();
                    together.await();
                    return Command.of("/bin/echo", "hello").text().checkOutput();
                  }));
        }
        for (Future<String> output : outputs) {
          if (!output.get().equals("hello\n")) {
            throw new IllegalStateException(output.get());
          }
        }
      }
      long pollers =
          Thread.getAllStackTraces().keySet().stream()
              .filter(thread -> thread.getName().equals("jpopen-poller"))
              .count();
      SubJvm.report(arguments[0], pollers <= 1 ? SubJvm.FINE : pollers + " pollers");
    }
  }
}
