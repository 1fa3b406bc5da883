package io.github.jpopen.output;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.jpopen.output.Keep.Rule;
import io.github.jpopen.scripted.ScriptedPlatform;
import io.github.jpopen.text.ErrorPolicy;
import io.github.jpopen.text.TextMode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept of an output, against an array that is cut at the end. */
class KeepTest {
  private static final int ROUNDS = 200;

  @TempDir private Path folder = Path.of("");

  @BeforeAll
  static void installPlatform() {
    ScriptedPlatform.install();
  }

  private static void receive(OutputBuffer buffer, byte[] bytes) {
    for (int done = 0; done < bytes.length; ) {
      MemorySegment room = buffer.room();
      assertThat(room.byteSize()).isPositive();
      int n = (int) Math.min(room.byteSize(), bytes.length - done);
      MemorySegment.copy(bytes, done, room, ValueLayout.JAVA_BYTE, 0, n);
      buffer.received(n);
      done += n;
    }
  }

  private static byte[] expected(Rule rule, byte[] all, int limit) {
    int n = all.length;
    return switch (rule) {
      case SPILL -> all;
      case NOTHING -> new byte[0];
      case HEAD, LIMIT, CLOSE_AFTER -> Arrays.copyOf(all, Math.min(n, limit));
      case TAIL -> Arrays.copyOfRange(all, Math.max(0, n - limit), n);
      case HEAD_AND_TAIL -> {
        if (n <= 2 * limit) {
          yield all;
        }
        byte[] both = Arrays.copyOf(all, 2 * limit);
        System.arraycopy(all, n - limit, both, limit, limit);
        yield both;
      }
    };
  }

  @ParameterizedTest
  @EnumSource
  void theRightBytesAreKept(Rule rule) throws Exception {
    for (int seed = 0; seed < ROUNDS; seed++) {
      Random random = new Random(seed);
      int limit = random.nextInt(1, random.nextInt(2, 200_000));
      Keep keep = new Keep(rule, limit, folder);
      boolean inArena = rule != Rule.SPILL && random.nextBoolean();
      OutputForm<?> form =
          inArena ? new OutputForm.OffHeap(Arena.ofAuto()) : new OutputForm.Bytes();
      OutputBuffer buffer = keep.newBuffer(form);
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (int pieces = random.nextInt(6); pieces > 0; pieces--) {
        byte[] piece = new byte[random.nextInt(100_000)];
        random.nextBytes(piece);
        receive(buffer, piece);
        all.writeBytes(piece);
      }
      buffer.ended();
      byte[] expected = expected(rule, all.toByteArray(), limit);
      String seeded = "seed " + seed + ", limit " + limit;
      assertThat(buffer.omitted()).as(seeded).isEqualTo(omitted(rule, all, expected));
      assertThat(buffer.isOverLimit()).isEqualTo(rule == Rule.LIMIT && all.size() > limit);
      assertThat(buffer.isEnough()).isEqualTo(rule == Rule.CLOSE_AFTER && all.size() >= limit);
      assertThat(content(buffer.snapshot())).as(seeded).isEqualTo(expected);
      assertThat(result(form, buffer)).as(seeded).isEqualTo(expected);
      if (rule == Rule.SPILL && all.size() > limit) {
        Files.delete(buffer.file());
      }
    }
    assertThat(folder).isEmptyDirectory();
  }

  private static long omitted(Rule rule, ByteArrayOutputStream all, byte[] expected) {
    return rule == Rule.NOTHING ? 0 : all.size() - expected.length;
  }

  private static byte[] content(Snapshot snapshot) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    snapshot.writeTo(out);
    assertThat(snapshot.size()).isEqualTo(out.size());
    return out.toByteArray();
  }

  private static byte[] result(OutputForm<?> form, OutputBuffer buffer) throws IOException {
    if (buffer.file() != null) {
      return Files.readAllBytes(buffer.file());
    }
    if (!buffer.isKept()) {
      return new byte[0];
    }
    TextMode mode = new TextMode(StandardCharsets.UTF_8, ErrorPolicy.STRICT);
    return switch (form.result(buffer, mode, null, true)) {
      case byte[] bytes -> bytes;
      case MemorySegment memory -> memory.toArray(ValueLayout.JAVA_BYTE);
      default -> throw new AssertionError();
    };
  }

  /** However the cut divides a character, the rest is right, even with the strict policy. */
  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32LE", "ISO-8859-15"})
  void cutTextHasWholeCharactersOnly(String name) throws Exception {
    Charset charset = Charset.forName(name);
    String text = name.startsWith("UTF") ? "a\u00e9\u20ac\ud83d\ude00z".repeat(3) : "a\u00e9z";
    byte[] bytes = text.getBytes(charset);
    TextMode mode = new TextMode(charset, ErrorPolicy.STRICT);
    for (Rule rule : new Rule[] {Rule.HEAD, Rule.TAIL, Rule.HEAD_AND_TAIL}) {
      for (int limit = 0; limit <= bytes.length; limit++) {
        OutputForm.Text form = new OutputForm.Text(mode);
        OutputBuffer buffer = new Keep(rule, limit, null).newBuffer(form);
        receive(buffer, bytes);
        String kept = form.result(buffer, mode, null, true);
        String head = rule == Rule.TAIL ? "" : prefix(text, limit, charset);
        String tail = rule == Rule.HEAD ? "" : suffix(text, limit, charset);
        String expected = buffer.omitted() == 0 ? text : head + tail;
        assertThat(kept).as("%s of %d bytes", rule, limit).isEqualTo(expected);
      }
    }
  }

  private static String prefix(String text, int limit, Charset charset) {
    int end = text.length();
    while (end > 0
        && (text.substring(0, end).getBytes(charset).length > limit || isHalf(text, end))) {
      end--;
    }
    return text.substring(0, end);
  }

  private static String suffix(String text, int limit, Charset charset) {
    Charset plain = charset.equals(UTF_16) ? UTF_16BE : charset; // without a mark
    int start = 0;
    while (start < text.length()
        && (text.substring(start).getBytes(plain).length > limit || isHalf(text, start))) {
      start++;
    }
    return text.substring(start);
  }

  private static boolean isHalf(String text, int index) {
    return index < text.length() && Character.isLowSurrogate(text.charAt(index));
  }

  @Test
  void otherCharsetsNeverFailAfterTheCut() throws Exception {
    Charset charset = Charset.forName("GB18030");
    byte[] bytes = "\u4e2d\u6587\ud83d\ude00".repeat(5).getBytes(charset);
    TextMode mode = new TextMode(charset, ErrorPolicy.STRICT);
    for (int limit = 0; limit <= bytes.length; limit++) {
      OutputForm.Text form = new OutputForm.Text(mode);
      OutputBuffer buffer = new Keep(Rule.TAIL, limit, null).newBuffer(form);
      receive(buffer, bytes);
      assertThat(form.result(buffer, mode, null, true)).isNotNull();
    }
  }

  /** Keeps nothing more from some moment on, as if there were no memory. */
  private static final class Starved extends ForwardingBuffer {
    private int rooms;

    Starved(int rooms) {
      super(new ChunkedOutput());
      this.rooms = rooms;
    }

    @Override
    public MemorySegment room() {
      if (rooms-- == 0) {
        throw new OutOfMemoryError("none");
      }
      return super.room();
    }
  }

  /** A buffer in another one. */
  private static class ForwardingBuffer extends KeptOutput {
    ForwardingBuffer(OutputBuffer kept) {
      super(kept);
    }

    @Override
    public MemorySegment room() {
      return kept.room();
    }

    @Override
    void added(long bytes) {
      kept.added(bytes);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void noByteIsKeptTwiceForWantOfMemory(int rooms) throws Exception {
    OutputBuffer kept = new Starved(rooms);
    TappedOutput output = new TappedOutput(kept, List.of());
    byte[] all = new byte[50_000];
    new Random(rooms).nextBytes(all);
    receive(output, all);
    ByteArrayOutputStream taken = new ByteArrayOutputStream();
    byte[] piece = new byte[20_000];
    for (int tries = 0; tries < 20; tries++) {
      try {
        taken.write(piece, 0, output.take(piece));
      } catch (OutOfMemoryError e) {
        // Nothing was taken.
      }
    }
    assertThat(taken.toByteArray()).isEqualTo(all);
    assertThat(kept.join()).isEqualTo(all);
  }

  /** The bytes of the result are in one piece, and the cut stays where it was. */
  @Test
  void resultOffTheHeapLeavesTheCutWhereItIs() throws Exception {
    try (Arena arena = Arena.ofConfined()) {
      OutputForm<MemorySegment> form = new OutputForm.OffHeap(arena);
      OutputBuffer buffer = new Keep(Rule.HEAD_AND_TAIL, 100_000, null).newBuffer(form);
      byte[] all = new byte[300_000];
      new Random(8).nextBytes(all);
      receive(buffer, all);
      byte[] kept = expected(Rule.HEAD_AND_TAIL, all, 100_000);
      for (int calls = 0; calls < 2; calls++) {
        assertThat(form.result(buffer, null, null, true).toArray(ValueLayout.JAVA_BYTE))
            .isEqualTo(kept);
        assertThat(buffer.omitted()).isEqualTo(100_000);
        assertThat(buffer.gap()).isEqualTo(100_000);
        assertThat(buffer.snapshot().gap()).isEqualTo(100_000);
        assertThat(content(buffer.snapshot())).isEqualTo(kept);
      }
    }
  }

  /** The consumers get what was taken last, even if it cannot be kept. */
  @Test
  void lastPieceIsTakenThoughItCannotBeKept() throws Exception {
    Path gone = Files.createDirectory(folder.resolve("gone"));
    OutputBuffer kept = new Keep(Rule.SPILL, 2, gone).newBuffer(new OutputForm.Bytes());
    TappedOutput output = new TappedOutput(kept, List.of());
    Files.delete(gone);
    receive(output, "12345".getBytes(StandardCharsets.US_ASCII));
    output.ended();
    byte[] piece = new byte[10];
    assertThat(output.take(piece)).isEqualTo(5);
    assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(output::endIfTaken);
  }

  @Test
  void spillToAFileSystemThatCannotBeWrittenIsAFailure() throws Exception {
    Path readOnly = Path.of(URI.create("jrt:/java.base"));
    OutputBuffer buffer = new Keep(Rule.SPILL, 2, readOnly).newBuffer(new OutputForm.Bytes());
    receive(buffer, "12345".getBytes(StandardCharsets.US_ASCII));
    assertThat(buffer.failure()).hasCauseInstanceOf(ReadOnlyFileSystemException.class);
    assertThat(content(buffer.snapshot())).asString().isEqualTo("12345");
  }

  @Test
  void failedSpillKeepsWhatItHad() throws Exception {
    Path gone = Files.createDirectory(folder.resolve("gone"));
    OutputBuffer buffer = new Keep(Rule.SPILL, 10, gone).newBuffer(new OutputForm.Bytes());
    Files.delete(gone);
    receive(buffer, "0123456789abc".getBytes(StandardCharsets.US_ASCII));
    receive(buffer, "def".getBytes(StandardCharsets.US_ASCII));
    for (int calls = 0; calls < 2; calls++) { // each one reports it
      assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(buffer::ended);
    }
    assertThat(buffer.file()).isNull();
    assertThat(content(buffer.snapshot())).asString().isEqualTo("0123456789abc");
    assertThat(buffer.omitted()).isEqualTo(3);
  }

  @Test
  void interruptDoesNotEndASpill() throws Exception {
    OutputBuffer buffer = new Keep(Rule.SPILL, 10, folder).newBuffer(new OutputForm.Bytes());
    byte[] bytes = new byte[100];
    receive(buffer, bytes);
    Thread.currentThread().interrupt();
    receive(buffer, bytes);
    assertThat(Thread.interrupted()).isTrue();
    receive(buffer, bytes);
    buffer.ended();
    Path file = Objects.requireNonNull(buffer.file());
    assertThat(file).hasSize(300);
    Files.delete(file);
  }
}
