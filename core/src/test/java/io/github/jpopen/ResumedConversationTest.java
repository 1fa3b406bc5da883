package io.github.jpopen;

import static io.github.jpopen.spi.StreamKind.STDERR;
import static io.github.jpopen.spi.StreamKind.STDOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.jpopen.scripted.ScriptedChild;
import io.github.jpopen.scripted.ScriptedTest;
import io.github.jpopen.spi.StreamKind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Timeouts and interrupts in between: every byte is sent once and received once, in order. */
class ResumedConversationTest extends ScriptedTest {
  private static final int MOST_TIMEOUTS = 20;

  /** How the input is given; all must behave the same. */
  enum Given {
    COPIED,
    STREAM,
    WRITTEN_BEFORE
  }

  private final ByteArrayOutputStream expectedOut = new ByteArrayOutputStream();
  private final ByteArrayOutputStream expectedErr = new ByteArrayOutputStream();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void bytesSurviveTimeoutsAndInterrupts(int seed) throws Exception {
    Random random = new Random(seed);
    for (Given given : Given.values()) {
      converse(random, given, "seed " + seed + ", " + given);
    }
  }

  private void converse(Random random, Given given, String which) throws Exception {
    expectedOut.reset();
    expectedErr.reset();
    byte[] input = new byte[1 + random.nextInt(300_000)];
    random.nextBytes(input);
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    int written = 0;
    if (given == Given.WRITTEN_BEFORE) {
      written = Math.min(input.length, random.nextInt(8000));
      p.stdin().write(input, 0, written);
    }
    byte[] rest = Arrays.copyOfRange(input, written, input.length);
    Input first =
        given == Given.STREAM ? Input.stream(new ByteArrayInputStream(rest)) : Input.of(rest);

    int timeouts = 10 + random.nextInt(MOST_TIMEOUTS - 10);
    for (int i = 0; i < timeouts; i++) {
      somethingHappens(random, child, input.length);
      boolean begin = i == 0;
      if (random.nextBoolean()) {
        TimeoutExpiredException e =
            timedOut(() -> begin ? p.communicate(first, NONE) : p.communicate(NONE));
        assertThat(e.stdout().bytes()).as(which).isEqualTo(startOf(expectedOut, e.stdout()));
        assertThat(e.stderr().bytes()).as(which).isEqualTo(startOf(expectedErr, e.stderr()));
      } else {
        child.fails(new InterruptedException());
        InterruptedException e =
            catchThrowableOfType(
                InterruptedException.class,
                () -> {
                  if (begin) {
                    p.communicate(first);
                  } else {
                    p.communicate();
                  }
                });
        assertThat(e).as(which).isNotNull();
      }
    }
    child.readsInput().endsOutputs().exits(0);
    Output<byte[]> output = p.communicate();
    assertThat(child.input()).as(which).isEqualTo(input);
    assertThat(output.stdout()).as(which).isEqualTo(expectedOut.toByteArray());
    assertThat(output.stderr()).as(which).isEqualTo(expectedErr.toByteArray());
  }

  private void somethingHappens(Random random, ScriptedChild child, int inputLength) {
    for (int i = random.nextInt(4); i > 0; i--) {
      switch (random.nextInt(4)) {
        case 0 -> child.accepts(1 + random.nextInt(1 + inputLength / 8));
        case 1 -> child.accepts(1);
        case 2 -> says(random, child, STDOUT, expectedOut);
        default -> says(random, child, STDERR, expectedErr);
      }
    }
  }

  private static void says(
      Random random, ScriptedChild child, StreamKind stream, ByteArrayOutputStream expected) {
    byte[] bytes = new byte[1 + random.nextInt(random.nextBoolean() ? 20_000 : 10)];
    random.nextBytes(bytes);
    expected.writeBytes(bytes);
    child.writes(stream, bytes, 1 + random.nextInt(bytes.length));
  }

  private static byte[] startOf(ByteArrayOutputStream expected, Captured captured) {
    return Arrays.copyOf(expected.toByteArray(), (int) captured.size());
  }
}
