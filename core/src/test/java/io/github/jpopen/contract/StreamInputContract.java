package io.github.jpopen.contract;

import static io.github.jpopen.Redirect.PIPE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.jpopen.Command;
import io.github.jpopen.Input;
import io.github.jpopen.Popen;
import io.github.jpopen.SpawnException;
import io.github.jpopen.SubprocessException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.SequenceInputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Streams as input: read by their own thread, never by the one that moves bytes. A failed stream
 * never looks like its end.
 */
public abstract class StreamInputContract extends ContractTest {

  private Popen<byte[]> digester() throws IOException {
    return start(child(digest()).stdin(PIPE).stdout(PIPE));
  }

  @Test
  @Covers("promise 3")
  void streamIsSentToItsEnd() throws Exception {
    byte[] bytes = Pattern.bytes(3_000_000, 9);
    var p = digester();
    assertThat(p.communicate(Input.stream(new ByteArrayInputStream(bytes))).stdout())
        .asString()
        .isEqualTo("3000000 " + Pattern.sha256(bytes));
  }

  @Test
  void emptyStreamClosesStdin() throws Exception {
    var p = digester();
    assertThat(p.communicate(Input.stream(InputStream.nullInputStream())).stdout())
        .asString()
        .startsWith("0 ");
  }

  @Test
  void onlySuppliedStreamsAreClosed() throws Exception {
    AtomicBoolean closed = new AtomicBoolean();
    InputStream source =
        new ByteArrayInputStream(utf8("x")) {
          @Override
          public void close() {
            closed.set(true);
          }
        };
    assertThat(digester().communicate(Input.stream(source)).stdout()).asString().startsWith("1 ");
    assertThat(closed).isFalse();
    source.reset();
    assertThat(digester().communicate(Input.stream(() -> source)).stdout())
        .asString()
        .startsWith("1 ");
    Eventually.await("the stream is closed", closed::get);
  }

  @Test
  @Covers("promise 1")
  void waitingStreamDelaysNoTimeoutAndLosesNothing() throws Exception {
    PipedOutputStream feed = new PipedOutputStream();
    Input input = Input.stream(new PipedInputStream(feed));
    var p = start(child(cat()).stdin(PIPE).stdout(PIPE));
    feed.write(utf8("first "));
    assertKept(SHORT, time(() -> timedOut(() -> p.communicate(input, SHORT))));
    feed.write(utf8("second"));
    timedOut(() -> p.communicate(SHORT));
    feed.close();
    assertThat(p.communicate().stdout()).asString().isEqualTo("first second");
  }

  @Test
  void failedSourceIsNotTheEndForTheChild() throws Exception {
    IOException broken = new IOException("broken source");
    InputStream source =
        new SequenceInputStream(
            new ByteArrayInputStream(utf8("begin\n")), new BrokenSource(broken));
    var p = start(child(answer(), awaitEof(), exit(9)).stdin(PIPE).stdout(PIPE));
    SubprocessException e =
        catchThrowableOfType(SubprocessException.class, () -> p.communicate(Input.stream(source)));
    assertThat(e).cause().isSameAs(broken);
    assertThat(p.poll(SHORT)).as("no end of file was shown to the child").isEmpty();
    assertThat(p.toHandle().isAlive()).isTrue();
  }

  @Test
  void failedSourceKeepsTheOutput() throws Exception {
    CountDownLatch answered = new CountDownLatch(1);
    InputStream source =
        new InputStream() {
          private int position;

          @Override
          public int read() throws IOException {
            if (position < 3) {
              return "hi\n".charAt(position++);
            }
            try {
              answered.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            throw new IOException("broken source");
          }

          @Override
          public int read(byte[] bytes, int offset, int length) throws IOException {
            bytes[offset] = (byte) read();
            return 1;
          }
        };
    var p = start(child(answer(), live()).stdin(PIPE).stdout(PIPE));
    Input input = Input.stream(source);
    timedOut(() -> p.communicate(input, SHORT));
    assertThat(timedOutWith(p, 7).stdout().text()).isEqualTo("got hi\n");
    answered.countDown();
    SubprocessException e = catchThrowableOfType(SubprocessException.class, p::communicate);
    assertThat(e)
        .hasMessageContaining(ChildLauncher.program())
        .hasRootCauseMessage("broken source");
    assertThat(e.stdout().text()).isEqualTo("got hi\n");
    assertThat(e.stderr().isCaptured()).isFalse();
  }

  @Test
  void uncheckedSourceExceptionIsReported() throws Exception {
    RuntimeException bug = new IllegalArgumentException("bug in the source");
    var p = digester();
    assertThatExceptionOfType(SubprocessException.class)
        .isThrownBy(() -> p.communicate(Input.stream(new BrokenSource(bug))))
        .withCause(bug);
  }

  @Test
  void streamCanBeUsedOnce() throws Exception {
    Input input = Input.stream(new ByteArrayInputStream(utf8("once")));
    Command<byte[]> command = child(cat()).input(input).stdout(PIPE);
    assertThat(command.run().stdout()).asString().isEqualTo("once");
    assertThatIllegalStateException().isThrownBy(command::run);
  }

  @Test
  void streamCanBeUsedAgainAfterFailedStart() throws Exception {
    Input input = Input.stream(new ByteArrayInputStream(utf8("once")));
    assertThatExceptionOfType(SpawnException.class)
        .isThrownBy(() -> Command.of("no-such-program").input(input).run());
    assertThat(child(cat()).input(input).stdout(PIPE).run().stdout()).asString().isEqualTo("once");
  }

  @Test
  void supplierMakesANewStreamForEveryRun() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    Command<byte[]> command =
        child(cat())
            .input(
                Input.stream(() -> new ByteArrayInputStream(utf8("run " + runs.incrementAndGet()))))
            .stdout(PIPE);
    assertThat(command.run().stdout()).asString().isEqualTo("run 1");
    assertThat(command.run().stdout()).asString().isEqualTo("run 2");
  }

  @Test
  void failedSupplierChangesNothing() throws Exception {
    IOException broken = new IOException("no stream");
    Input input =
        Input.stream(
            () -> {
              throw broken;
            });
    var p = digester();
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> p.communicate(input))
        .satisfiesAnyOf(
            e -> assertThat(e).isSameAs(broken), e -> assertThat(e).cause().isSameAs(broken));
    assertThat(p.communicate(utf8("better")).stdout()).asString().startsWith("6 ");
  }

  @Test
  @Covers("rule 15")
  void endlessStreamEndsWithTheChild() throws Exception {
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return 'y';
          }
        };
    var p = start(child(read(100_000), out("enough"), exit(2)).stdin(PIPE).stdout(PIPE));
    assertThat(p.communicate(Input.stream(endless)).stdout()).asString().isEqualTo("enough");
    assertThat(p.returncode()).isEqualTo(2);
  }
}
