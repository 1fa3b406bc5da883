package io.github.jpopen.posix;

import static io.github.jpopen.Redirect.PIPE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.jpopen.Command;
import io.github.jpopen.Input;
import io.github.jpopen.Popen;
import io.github.jpopen.TimeoutExpiredException;
import java.io.FileInputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Input from special files: opening or reading them blocks as long as their writer does. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "no FIFOs in the file system of Windows")
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FifoInputTest {
  private static final Duration SHORT = Duration.ofMillis(50);
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir private Path directory;

  private Path fifo(String name) throws Exception {
    Path fifo = directory.resolve(name);
    assertThat(Command.of("mkfifo", fifo.toString()).call()).isZero();
    return fifo;
  }

  private static void write(Path fifo, String text) throws Exception {
    Files.writeString(fifo, text); // open(2) waits for the reader
  }

  @Test
  void fifoWithoutAWriterDelaysNoTimeout() throws Exception {
    Path fifo = fifo("fifo");
    try (Popen<String> p = Command.of("cat").text().stdin(PIPE).stdout(PIPE).start()) {
      assertThatExceptionOfType(TimeoutExpiredException.class)
          .isThrownBy(() -> p.communicate(Input.file(fifo), SHORT));
      write(fifo, "late");
      assertThat(p.communicate(LONG).stdout()).isEqualTo("late");
    }
  }

  @Test
  void runWithoutAWriterTimesOutInTime() throws Exception {
    Path fifo = fifo("fifo");
    assertThatExceptionOfType(TimeoutExpiredException.class)
        .isThrownBy(() -> Command.of("cat").input(Input.file(fifo)).timeout(SHORT).run());
    Files.newOutputStream(fifo).close(); // lets the reader go
  }

  @Test
  void asyncCallWithoutAWriterTimesOut() throws Exception {
    Path fifo = fifo("fifo");
    try (Popen<String> p = Command.of("cat").text().stdin(PIPE).stdout(PIPE).start()) {
      CompletableFuture<?> given = p.communicateAsync(Input.file(fifo), SHORT);
      assertThat(given).failsWithin(LONG);
      write(fifo, "late");
      assertThat(p.communicate(LONG).stdout()).isEqualTo("late");
    }
  }

  /** A read of a pipe of the system holds the carrier of a virtual thread. */
  @Test
  void silentSourcesHoldNoCarrier() throws Exception {
    List<RandomAccessFile> silent = new ArrayList<>();
    try {
      for (int i = 0; i <= Runtime.getRuntime().availableProcessors(); i++) {
        Path fifo = fifo("fifo" + i);
        silent.add(new RandomAccessFile(fifo.toFile(), "rw"));
        Input input =
            i % 2 == 0 ? Input.file(fifo) : Input.stream(new FileInputStream(fifo.toFile()));
        assertThat(Command.of("true").input(input).call()).isZero();
      }
      CountDownLatch ran = new CountDownLatch(1);
      Thread.ofVirtual().start(ran::countDown);
      assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
      byte[] bytes = "all".getBytes(StandardCharsets.UTF_8);
      assertThat(Command.of("cat").input(bytes).captureOutput().runAsync())
          .succeedsWithin(LONG)
          .satisfies(completed -> assertThat(completed.stdout()).isEqualTo(bytes));
    } finally {
      for (RandomAccessFile file : silent) {
        file.close(); // ends the reads that still block
      }
    }
  }

  @Test
  void unmappableFileIsRead() throws Exception {
    Path file = Path.of("/sys/devices/system/cpu/online");
    assumeThat(Files.isReadable(file)).as("there is a sysfs").isTrue();
    assertThat(Command.of("cat").input(Input.file(file)).captureOutput().run().stdout())
        .isEqualTo(Files.readAllBytes(file));
  }
}
