package io.github.jpopen.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.jpopen.scripted.ScriptedPlatform;
import io.github.jpopen.spi.GrowableBuffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The owner of the bytes, on and off the heap, against an array that does the same naively. */
class OutputBufferTest {
  private static final int ROUNDS = 300;

  /** Where the bytes are. */
  enum Place {
    HEAP,
    NATIVE;

    OutputBuffer newBuffer() {
      Arena arena = Arena.ofAuto();
      return this == HEAP
          ? new ChunkedOutput()
          : new OffHeapOutput(arena, ScriptedPlatform.INSTANCE.growable(arena));
    }
  }

  private record Taken(Snapshot snapshot, ByteArrayOutputStream expected) {}

  private static byte[] bytes(Random random, int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return bytes;
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

  private static byte[] content(Snapshot snapshot) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    snapshot.writeTo(out);
    assertThat(out.size()).isEqualTo(snapshot.size());
    return out.toByteArray();
  }

  @Test
  void chunksOfAStreamThatIsReadAsItComesStaySmall() {
    ChunkedOutput buffer = new ChunkedOutput();
    for (int i = 0; i < 200; i++) {
      receive(buffer, new byte[100_000]);
      buffer.consume(100_000);
      assertThat(buffer.room().byteSize()).isLessThan(256 * 1024);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  void bufferBehavesLikeAnArray(int seed) throws IOException {
    for (Place place : Place.values()) {
      Random random = new Random(seed);
      OutputBuffer buffer = place.newBuffer();
      byte[] model = {};
      List<Taken> taken = new ArrayList<>();
      for (int i = 0; i < ROUNDS; i++) {
        switch (random.nextInt(5)) {
          case 0, 1 -> {
            byte[] more = bytes(random, random.nextInt(random.nextInt(20) == 0 ? 90_000 : 3000));
            receive(buffer, more);
            int before = model.length;
            model = Arrays.copyOf(model, before + more.length);
            System.arraycopy(more, 0, model, before, more.length);
          }
          case 2 -> {
            int n = random.nextInt(random.nextInt(10) == 0 ? model.length + 1 : 2000);
            int consumed = Math.min(n, model.length);
            buffer.consume(consumed);
            model = Arrays.copyOfRange(model, consumed, model.length);
          }
          case 3 -> peek(random, buffer, model);
          default -> {
            ByteArrayOutputStream expected = new ByteArrayOutputStream();
            expected.writeBytes(model);
            taken.add(new Taken(buffer.snapshot(), expected));
          }
        }
        assertThat(buffer.size())
            .as("%s, seed %d, round %d", place, seed, i)
            .isEqualTo(model.length);
      }
      assertThat(buffer.join()).as("%s, seed %d", place, seed).isEqualTo(model);
      assertThat(buffer.join()).isEqualTo(model);
      receive(buffer, bytes(random, 5000));
      for (Taken one : taken) {
        assertThat(content(one.snapshot())).isEqualTo(one.expected().toByteArray());
      }
    }
  }

  private static void peek(Random random, OutputBuffer buffer, byte[] model) {
    int from = random.nextInt(model.length + 10);
    byte[] into = new byte[1 + random.nextInt(5000)];
    int offset = random.nextInt(into.length);
    int length = random.nextInt(into.length - offset + 1);
    byte[] expected = new byte[into.length];
    int n = Math.clamp(model.length - from, 0, length);
    System.arraycopy(model, Math.min(from, model.length), expected, offset, n);
    assertThat(buffer.peek(from, into, offset, length)).isEqualTo(n);
    assertThat(into).isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource
  void newBufferIsEmpty(Place place) throws IOException {
    OutputBuffer buffer = place.newBuffer();
    assertThat(buffer.size()).isZero();
    assertThat(buffer.peek(0, new byte[5], 0, 5)).isZero();
    assertThat(content(buffer.snapshot())).isEmpty();
    assertThat(buffer.join()).isEmpty();
    receive(buffer, new byte[] {1});
    assertThat(buffer.join()).containsExactly(1);
  }

  @ParameterizedTest
  @EnumSource
  void unwantedBytesAreDroppedIfTheyComeNext(Place place) throws IOException {
    OutputBuffer buffer = place.newBuffer();
    receive(buffer, new byte[] {1, 2, 3, 4});
    buffer.consume(1, new byte[] {2, 3});
    assertThat(buffer.position()).isEqualTo(3);
    assertThat(buffer.join()).containsExactly(4);
    buffer.consume(1, new byte[] {2, 3});
    assertThat(buffer.position()).isEqualTo(4);
    receive(buffer, new byte[] {2});
    assertThat(buffer.size()).isEqualTo(1);
    receive(buffer, new byte[] {3, 2, 3});
    assertThat(content(buffer.snapshot())).containsExactly(2, 3);
    assertThat(buffer.position()).isEqualTo(6);
    buffer.consume(2, new byte[] {2, 3});
    receive(buffer, new byte[] {2, 4, 2, 3});
    buffer.consume(2);
    assertThat(buffer.join()).containsExactly(2, 3);
    buffer.consume(2, new byte[] {2, 3});
    receive(buffer, new byte[] {2});
    buffer.consume(1); // a reader of bytes takes half of it
    receive(buffer, new byte[] {3});
    assertThat(buffer.join()).containsExactly(3);
  }

  @ParameterizedTest
  @EnumSource
  void unusedRoomIsOfferedAgain(Place place) {
    OutputBuffer buffer = place.newBuffer();
    buffer.room().set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
    buffer.room().set(ValueLayout.JAVA_BYTE, 0, (byte) 2);
    buffer.received(1);
    assertThat(buffer.join()).containsExactly(2);
  }

  @Test
  void chunksGrowToFourMebibytes() {
    ChunkedOutput buffer = new ChunkedOutput();
    assertThat(buffer.room().byteSize()).isEqualTo(1024 - 16);
    long largest = 0;
    for (int i = 0; i < 20; i++) {
      long room = buffer.room().byteSize();
      largest = Math.max(largest, room);
      buffer.received(room);
    }
    assertThat(largest).isEqualTo(4 * 1024 * 1024 - 16);
  }

  @Test
  void joinKeepsOneArray() {
    ChunkedOutput buffer = new ChunkedOutput();
    receive(buffer, new byte[100_000]);
    assertThat(buffer.join()).isSameAs(buffer.join());
  }

  @Test
  void releasedBytesAreCollected() throws IOException {
    ChunkedOutput buffer = new ChunkedOutput();
    receive(buffer, new byte[10]);
    Snapshot before = buffer.snapshot();
    WeakReference<byte[]> joined = new WeakReference<>(buffer.join());
    buffer.discard();
    assertThat(buffer.size()).isZero();
    assertThat(buffer.join()).isEmpty();
    assertThat(content(before)).hasSize(10);
    assertThat(isCollected(joined)).isTrue();
  }

  private static boolean isCollected(WeakReference<?> reference) {
    for (int i = 0; i < 500 && !reference.refersTo(null); i++) {
      System.gc();
    }
    return reference.refersTo(null);
  }

  @Test
  void joinRefusesMoreThanAnArrayHolds() {
    ChunkedOutput buffer = new ChunkedOutput();
    buffer.room();
    buffer.received(OutputBuffer.LARGEST_ARRAY + 1L); // claims bytes that were never written
    assertThat(buffer.size()).isEqualTo(OutputBuffer.LARGEST_ARRAY + 1L);
    assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(buffer::join);
  }

  @Test
  void offHeapMemoryStaysSmallForAFastReader() {
    Arena arena = Arena.ofAuto();
    GrowableBuffer memory = ScriptedPlatform.INSTANCE.growable(arena);
    OutputBuffer buffer = new OffHeapOutput(arena, memory);
    receive(buffer, new byte[100]); // the reader is always this far behind
    for (int i = 0; i < 1000; i++) {
      receive(buffer, new byte[1000]);
      buffer.consume(1000);
      assertThat(buffer.size()).isEqualTo(100);
      assertThat(memory.size()).isLessThan(4000);
    }
  }

  @Test
  void snapshotKeepsItsOffHeapBytes() throws IOException {
    byte[] large = bytes(new Random(1), 3_000_000);
    Arena arena = Arena.ofAuto();
    GrowableBuffer memory = ScriptedPlatform.INSTANCE.growable(arena);
    OutputBuffer buffer = new OffHeapOutput(arena, memory);
    receive(buffer, large);
    consumeBesideASnapshot(buffer, large);
    for (int i = 0; i < 500 && memory.size() >= large.length; i++) {
      System.gc();
      receive(buffer, new byte[1]);
      buffer.consume(1);
    }
    assertThat(memory.size()).isLessThan(large.length);
  }

  private static void consumeBesideASnapshot(OutputBuffer buffer, byte[] all) throws IOException {
    Snapshot snapshot = buffer.snapshot();
    buffer.consume(all.length);
    receive(buffer, new byte[1]);
    buffer.consume(1);
    assertThat(content(snapshot)).isEqualTo(all);
  }

  @Test
  void confinedBufferIsAccessibleToItsThreadOnly() throws Exception {
    OutputBuffer buffer;
    Thread other = new Thread(() -> {});
    try (Arena arena = Arena.ofConfined()) {
      buffer = new OffHeapOutput(arena, ScriptedPlatform.INSTANCE.growable(arena));
      assertThat(buffer.isAccessibleBy(Thread.currentThread())).isTrue();
      assertThat(buffer.isAccessibleBy(other)).isFalse();
    }
    assertThat(buffer.isAccessibleBy(Thread.currentThread())).isFalse();
    assertThat(new ChunkedOutput().isAccessibleBy(other)).isTrue();
  }
}
