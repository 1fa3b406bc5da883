package io.github.jpopen;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.scripted.Call;
import io.github.jpopen.scripted.ScriptedChild;
import io.github.jpopen.scripted.ScriptedTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A channel of the caller that gets an output: one that takes little, nothing, or miscounts. */
class ChannelSinkTest extends ScriptedTest {
  private static final Duration SHORT = Duration.ofMillis(5);

  private interface Write {
    int write(ByteBuffer bytes) throws IOException;
  }

  private static Command<byte[]> into(Write write) {
    return Command.of("fake")
        .stdout(
            Redirect.to(
                new WritableByteChannel() {
                  @Override
                  public int write(ByteBuffer bytes) throws IOException {
                    return write.write(bytes);
                  }

                  @Override
                  public boolean isOpen() {
                    return true;
                  }

                  @Override
                  public void close() {
                    throw new AssertionError("the channel is the caller's");
                  }
                }));
  }

  private static int take(int count, ByteBuffer from, ByteArrayOutputStream to) {
    byte[] bytes = new byte[count];
    from.get(bytes);
    to.writeBytes(bytes);
    return count;
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "6, 0", "-1, 0", "-1, 6", "3, 2", "0, 6", "0, 1", "2147483647, 6"})
  void channelThatMiscountsFailsTheCall(int said, int taken) throws Exception {
    child().stdout("output").endsOutputs().exits(0);
    Popen<byte[]> p =
        start(
            into(
                bytes -> {
                  bytes.position(bytes.position() + taken);
                  return said;
                }));
    assertThat(Call.of(() -> p.communicate(LONG)).failure())
        .isInstanceOf(SubprocessException.class)
        .hasMessage(
            "a consumer of stdout of \"fake\" failed: the channel says that it has written "
                + said
                + " bytes, and it has taken "
                + taken);
    assertThat(Call.of(() -> p.communicate(LONG)).result().isComplete()).isTrue();
  }

  @Test
  void channelThatTakesNothingDelaysNoTimeoutAndLosesNothing() throws Exception {
    AtomicBoolean takes = new AtomicBoolean();
    ByteArrayOutputStream got = new ByteArrayOutputStream();
    child().stdout("before ").stdout("after").endsOutputs().exits(0);
    Popen<byte[]> p = start(into(bytes -> takes.get() ? take(1, bytes, got) : 0));
    for (int calls = 0; calls < 2; calls++) {
      assertThat(Call.of(() -> p.communicate(SHORT)).failure())
          .isInstanceOf(TimeoutExpiredException.class);
    }
    takes.set(true);
    p.communicate();
    assertThat(got).hasToString("before after");
  }

  @Test
  void interruptLosesNothing() throws Exception {
    AtomicBoolean takes = new AtomicBoolean();
    CountDownLatch called = new CountDownLatch(1);
    ByteArrayOutputStream got = new ByteArrayOutputStream();
    child().stdout("output").endsOutputs().exits(0);
    Popen<byte[]> p =
        start(
            into(
                bytes -> {
                  if (got.size() < 2 || takes.get()) {
                    return take(1, bytes, got);
                  }
                  called.countDown();
                  return 0;
                }));
    Call<Output<byte[]>> interrupted = Call.of(() -> p.communicate(LONG));
    called.await();
    interrupted.interrupt();
    assertThat(interrupted.failure()).isInstanceOf(InterruptedException.class);
    takes.set(true);
    p.communicate();
    assertThat(got).hasToString("output");
  }

  /** Sizes by chance, and 0 now and then. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void anySizesArriveInOrder(int seed) throws Exception {
    Random random = new Random(seed);
    byte[] all = new byte[random.nextInt(500_000)];
    random.nextBytes(all);
    ByteArrayOutputStream got = new ByteArrayOutputStream();
    ScriptedChild child = child();
    child.stdout(all).endsOutputs().exits(0);
    into(bytes ->
            random.nextInt(8) == 0 ? 0 : take(1 + random.nextInt(bytes.remaining()), bytes, got))
        .run();
    assertThat(got.toByteArray()).isEqualTo(all);
  }
}
