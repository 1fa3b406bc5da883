package io.github.jpopen;

import static io.github.jpopen.Redirect.PIPE;
import static io.github.jpopen.spi.StreamKind.STDIN;
import static io.github.jpopen.spi.StreamKind.STDOUT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.jpopen.scripted.Call;
import io.github.jpopen.scripted.ScriptedChild;
import io.github.jpopen.scripted.ScriptedTest;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Memory of the caller: which thread may use it, and what happens when it is freed. */
class NativeMemoryTest extends ScriptedTest {

  private static MemorySegment native_(Arena arena, String text) {
    return arena.allocateFrom(ValueLayout.JAVA_BYTE, text.getBytes(UTF_8));
  }

  private static String text(MemorySegment memory) {
    return new String(memory.toArray(ValueLayout.JAVA_BYTE), UTF_8);
  }

  @Test
  void nativeInputIsSentUnchanged() throws Exception {
    ScriptedChild child = child().accepts(2).accepts(9).endsOutputs().exits(0);
    try (Arena arena = Arena.ofConfined()) {
      start(PIPES).communicate(Input.wrap(native_(arena, "native").asReadOnly()));
    }
    assertThat(child.inputText()).isEqualTo("native");
  }

  @Test
  void confinedInputIsSentByItsOwnThreadOnly() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    try (Arena arena = Arena.ofConfined()) {
      Input input = Input.wrap(native_(arena, "mine"));
      assertThat(Call.of(() -> p.communicate(input)).failure())
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the input lies in an arena that is confined to another thread");
      assertThat(child.input()).isEmpty();
      child.readsInput().endsOutputs().exits(0);
      p.communicate();
    }
    assertThat(child.inputText()).isEqualTo("mine");
  }

  @Test
  void inputInClosedArenaIsReportedOnce() throws Exception {
    ScriptedChild child = child().accepts(2).stdout("a");
    Popen<byte[]> p = start(PIPES);
    try (Arena arena = Arena.ofConfined()) {
      Input input = Input.wrap(native_(arena, "gone"));
      timedOut(() -> p.communicate(input, NONE));
    }
    SubprocessException e = catchThrowableOfType(SubprocessException.class, p::communicate);
    assertThat(e)
        .hasMessage(
            "the input of \"fake\" failed: the arena of the input was closed before all of it was"
                + " sent");
    assertThat(e.stdout().bytes()).asString().isEqualTo("a");
    child.stdout("b").endsOutputs().exits(0);
    assertThat(p.communicate().stdout()).asString().isEqualTo("ab");
    assertThat(child.inputText()).isEqualTo("go");
    assertThat(child.isClosedByCore(STDIN)).isFalse();
  }

  @Test
  void arenaMayBeClosedOnceInputIsSent() throws Exception {
    ScriptedChild child = child().accepts(9);
    Popen<byte[]> p = start(PIPES);
    try (Arena arena = Arena.ofConfined()) {
      Input input = Input.wrap(native_(arena, "sent"));
      timedOut(() -> p.communicate(input, NONE));
    }
    child.endsOutputs().exits(0);
    p.communicate();
    assertThat(child.inputText()).isEqualTo("sent");
  }

  @Test
  void offHeapOutputIsInOnePiece() throws Exception {
    byte[] bytes = new byte[100_000];
    new Random(5).nextBytes(bytes);
    child().writes(STDOUT, bytes, 777).stderr("e").endsOutputs().exits(0);
    try (Arena arena = Arena.ofConfined()) {
      Popen<MemorySegment> p = start(PIPES.offHeap(arena));
      Output<MemorySegment> output = p.communicate();
      assertThat(output.stdout().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(bytes);
      assertThat(text(output.stderr())).isEqualTo("e");
      assertThat(output).hasToString("Output[stdout: 100000 bytes, stderr: 1 byte]");
      assertThat(p.communicate()).isSameAs(output);
    }
  }

  @Test
  void offHeapOutputSurvivesATimeout() throws Exception {
    ScriptedChild child = child().stdout("before ");
    try (Arena arena = Arena.ofShared()) {
      Popen<MemorySegment> p = start(PIPES.offHeap(arena));
      TimeoutExpiredException e = timedOut(() -> p.communicate(NONE));
      child.stdout("and after, which makes the memory move").endsOutputs().exits(0);
      Output<MemorySegment> output = p.communicate();
      assertThat(text(output.stdout())).isEqualTo("before and after, which makes the memory move");
      assertThat(e.stdout().bytes()).asString().isEqualTo("before ");
    }
  }

  @Test
  void offHeapCommunicateReturnsUnreadBytes() throws Exception {
    child().stdout("onetwo").endsOutputs().exits(0);
    try (Arena arena = Arena.ofConfined()) {
      Popen<MemorySegment> p = start(PIPES.offHeap(arena));
      assertThat(p.stdout().readNBytes(3)).asString().isEqualTo("one");
      assertThat(text(p.communicate().stdout())).isEqualTo("two");
    }
  }

  @Test
  void confinedOutputIsReadByItsOwnThreadOnly() throws Exception {
    ScriptedChild child = child().stdout("mine");
    try (Arena arena = Arena.ofConfined()) {
      Popen<MemorySegment> p = start(PIPES.offHeap(arena));
      String message = "the arena of the output is closed, or confined to another thread";
      assertThat(Call.of(() -> p.stdout().read()).failure())
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(message);
      assertThat(Call.of(p::communicate).failure())
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(message);
      child.endsOutputs().exits(0);
      assertThat(text(p.communicate().stdout())).isEqualTo("mine");
    }
  }

  @Test
  void anotherThreadMayWaitAndPollAndKill() throws Exception {
    ScriptedChild child = child().stdout("mine");
    try (Arena arena = Arena.ofConfined()) {
      Popen<MemorySegment> p = start(PIPES.offHeap(arena));
      assertThat(Call.of(p::poll).result()).isEmpty();
      assertThat(Call.of(p::kill).result()).isTrue();
      Call<Integer> waiting = Call.of(p::waitFor);
      child.exits(0);
      assertThat(waiting.result()).isZero();
      child.endsOutputs();
      assertThat(text(p.communicate().stdout())).isEqualTo("mine");
    }
  }

  @Test
  void closedOutputArenaBreaksNothingElse() throws Exception {
    ScriptedChild child = child().stdout("lost");
    Popen<MemorySegment> p;
    try (Arena arena = Arena.ofConfined()) {
      p = start(PIPES.offHeap(arena));
    }
    assertThatIllegalStateException().isThrownBy(p::communicate);
    assertThat(p.kill()).isTrue();
    child.exits(0);
    assertThat(p.waitFor()).isZero();
    p.close();
    assertThat(child.closes()).isEqualTo(1);
  }

  @Test
  void closedArenaStartsNoChild() {
    Arena arena = Arena.ofConfined();
    arena.close();
    ScriptedChild child = child();
    String message = "the arena of the output is closed, or confined to another thread";
    assertThatIllegalStateException()
        .isThrownBy(() -> start(PIPES.offHeap(arena)))
        .withMessage(message);
    assertThatIllegalStateException()
        .isThrownBy(() -> Command.of("fake").captureOutput().offHeap(arena).run())
        .withMessage(message);
    assertThatExceptionOfType(AssertionError.class).isThrownBy(child::request);
  }

  @Test
  void arenaOfAnotherThreadStartsNoChild() throws Exception {
    try (Arena arena = Arena.ofConfined()) {
      ScriptedChild child = child();
      assertThat(Call.of(() -> start(PIPES.offHeap(arena))).failure())
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the arena of the output is closed, or confined to another thread");
      assertThatExceptionOfType(AssertionError.class).isThrownBy(child::request);
    }
  }

  @Test
  void arenaIsIgnoredIfNothingIsCaptured() throws Exception {
    Arena arena = Arena.ofConfined();
    arena.close();
    child().exits(4);
    assertThat(Command.of("fake").offHeap(arena).call()).isEqualTo(4);
    child().exits(5);
    assertThat(Command.of("fake").offHeap(arena).runAsync().get().returncode()).isEqualTo(5);
  }

  @Test
  void outputLargerThanAnArrayIsReportedAndKept() throws Exception {
    long size = 3_000_000_000L;
    child().claims(STDOUT, size).ends(STDOUT).exits(0);
    Popen<byte[]> p = start(Command.of("fake").stdout(PIPE));
    SubprocessException e = catchThrowableOfType(SubprocessException.class, p::communicate);
    assertThat(e)
        .hasMessage("3000000000 bytes of \"fake\" are more than an array can hold: use offHeap");
    assertThat(e.stdout().size()).isEqualTo(size);
    assertThatIllegalStateException()
        .isThrownBy(() -> e.stdout().bytes())
        .withMessage("3000000000 bytes are more than an array can hold: use writeTo");
    assertThat(p.returncode()).isZero();
  }

  @Test
  void outputOfFailedCheckOutlivesTheArena() {
    child().stdout("out").stderr("why").endsOutputs().exits(3);
    CalledProcessException e =
        catchThrowableOfType(
            CalledProcessException.class,
            () -> {
              try (Arena arena = Arena.ofConfined()) {
                Command.of("fake").offHeap(arena).captureOutput().check().run();
              }
            });
    assertThat(e.stdout().text()).isEqualTo("out");
    assertThat(e.stderr().text()).isEqualTo("why");
    assertThat(e.stderr().size()).isEqualTo(3);
  }

  @Test
  void outputOfTimeoutIsReadableOnAnyThread() throws Exception {
    child().stdout("so far");
    try (Arena arena = Arena.ofConfined()) {
      Popen<MemorySegment> p = start(PIPES.offHeap(arena));
      TimeoutExpiredException e = timedOut(() -> p.communicate(NONE));
      assertThat(Call.of(() -> e.stdout().text()).result()).isEqualTo("so far");
    }
  }

  @Test
  void moreThanOneMebibyteStaysInTheArena() throws Exception {
    byte[] bytes = new byte[(1 << 20) + 1];
    new Random(5).nextBytes(bytes);
    ScriptedChild child = child().stdout(bytes);
    TimeoutExpiredException e;
    String gone = "the arena of the output is closed, or confined to another thread";
    try (Arena arena = Arena.ofConfined()) {
      Popen<MemorySegment> p = start(PIPES.offHeap(arena));
      e = timedOut(() -> p.communicate(NONE));
      assertThat(e.stdout().bytes()).isEqualTo(bytes);
      assertThat(Call.of(() -> e.stdout().bytes()).failure())
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(gone);
      child.endsOutputs().exits(0);
      p.communicate();
    }
    assertThat(e.stdout().size()).isEqualTo(bytes.length);
    assertThatIllegalStateException().isThrownBy(() -> e.stdout().bytes()).withMessage(gone);
  }

  @Test
  void timeoutOnAnotherThreadHoldsTheOutput() throws Exception {
    ScriptedChild child = child().stdout("mine");
    try (Arena arena = Arena.ofConfined()) {
      Popen<MemorySegment> p = start(PIPES.offHeap(arena));
      timedOut(() -> p.communicate(NONE));
      Call<TimeoutExpiredException> waiting = Call.of(() -> timedOut(() -> p.waitFor(NONE)));
      assertThat(waiting.result().stdout().bytes()).asString().isEqualTo("mine");
      child.endsOutputs().exits(0);
      p.communicate();
    }
  }
}
