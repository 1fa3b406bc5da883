package io.github.jpopen.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.jpopen.posix.libc.MappedMemory;
import io.github.jpopen.spi.GrowableBuffer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class GrowableMappingTest extends PosixTest {
  private static final int ENOMEM = HOST.constants().ENOMEM();

  private static void fill(GrowableBuffer buffer, long bytes) {
    long done = 0;
    while (done < bytes) {
      MemorySegment room = buffer.room();
      long part = Math.min(room.byteSize(), bytes - done);
      for (long i = 0; i < part; i += 4093) {
        room.set(ValueLayout.JAVA_BYTE, i, (byte) (done + i));
      }
      buffer.received(part);
      done += part;
    }
  }

  private static void check(MemorySegment content, long bytes) {
    assertThat(content.byteSize()).isEqualTo(bytes);
    assertThat(content.get(ValueLayout.JAVA_BYTE, 0)).isZero();
  }

  @Test
  void growthKeepsTheContent() {
    try (Arena arena = Arena.ofConfined()) {
      GrowableBuffer buffer = platform.growable(arena);
      assertThat(buffer.size()).isZero();
      assertThat(buffer.content().byteSize()).isZero();
      for (int i = 0; i < 100_000; i++) {
        buffer.room().setAtIndex(ValueLayout.JAVA_INT_UNALIGNED, 0, i);
        buffer.received(4);
      }
      assertThat(buffer.size()).isEqualTo(400_000);
      MemorySegment content = buffer.finish();
      for (int i = 0; i < 100_000; i++) {
        assertThat(content.getAtIndex(ValueLayout.JAVA_INT_UNALIGNED, i)).isEqualTo(i);
      }
    }
    assertThat(faults.calls("unmap")).isEqualTo(faults.calls("map"));
    if (!LIKE_MAC) { // which has no mremap
      assertThat(faults.calls("map")).isEqualTo(1);
    }
  }

  @Test
  void discardedBytesMakeRoom() {
    try (Arena arena = Arena.ofConfined()) {
      GrowableBuffer buffer = platform.growable(arena);
      for (int i = 0; i < 100_000; i++) {
        buffer.room().setAtIndex(ValueLayout.JAVA_INT_UNALIGNED, 0, i);
        buffer.received(4);
        if (i >= 100) {
          buffer.discard(4);
        }
      }
      assertThat(buffer.size()).isEqualTo(400);
      assertThat(buffer.room().byteSize()).isLessThan(64 << 10);
      MemorySegment content = buffer.content();
      for (int i = 0; i < 100; i++) {
        assertThat(content.getAtIndex(ValueLayout.JAVA_INT_UNALIGNED, i)).isEqualTo(99_900 + i);
      }
      buffer.discard(400);
      assertThat(buffer.finish().byteSize()).isZero();
    }
  }

  @Test
  void finishTrimsTheMemory() {
    try (Arena arena = Arena.ofConfined()) {
      GrowableBuffer buffer = platform.growable(arena);
      fill(buffer, 5);
      check(buffer.content(), 5);
      check(buffer.finish(), 5);
      assertThat(platform.growable(arena).finish().byteSize()).isZero();
    }
  }

  @Test
  void contentLivesAsLongAsTheArena() {
    MemorySegment content;
    try (Arena arena = Arena.ofShared()) {
      GrowableBuffer buffer = platform.growable(arena);
      fill(buffer, 1 << 20);
      content = buffer.finish();
      check(content, 1 << 20);
    }
    assertThatThrownBy(() -> content.get(ValueLayout.JAVA_BYTE, 0))
        .isInstanceOf(IllegalStateException.class);
    assertThat(faults.calls("unmap")).isEqualTo(faults.calls("map"));
  }

  @Test
  void closedArenaIsRefusedWithoutTouchingMemory() {
    Arena arena = Arena.ofShared();
    GrowableBuffer buffer = platform.growable(arena);
    fill(buffer, 60_000);
    arena.close();
    assertThatThrownBy(buffer::room).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(buffer::finish).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> platform.growable(arena)).isInstanceOf(IllegalStateException.class);
    assertThat(faults.calls("map")).isEqualTo(faults.calls("unmap"));
  }

  /** Another thread may close it between any two of these. */
  @Test
  void arenaClosedBetweenTwoCallsIsReported() {
    Arena arena = Arena.ofShared();
    GrowableBuffer buffer = platform.growable(arena);
    MappedMemory memory = new MappedMemory(HOST, arena, 1);
    MemorySegment room = buffer.room();
    arena.close();
    assertThatThrownBy(() -> buffer.received(1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(memory::size).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> room.fill((byte) 0)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void outOfMemoryKeepsTheContent() {
    try (Arena arena = Arena.ofConfined()) {
      faults.fail("map", 1, ENOMEM);
      assertThatThrownBy(() -> platform.growable(arena)).isInstanceOf(OutOfMemoryError.class);
      GrowableBuffer buffer = platform.growable(arena);
      faults.failAlways("remap", ENOMEM);
      assertThatThrownBy(() -> fill(buffer, 1 << 20)).isInstanceOf(OutOfMemoryError.class);
      check(buffer.content(), buffer.size());
      faults.heal();
    }
  }

  /** All bytes are there, and memory that could not be given back is no reason to throw. */
  @Test
  void refusedTrimKeepsTheContent() {
    try (Arena arena = Arena.ofConfined()) {
      GrowableBuffer buffer = platform.growable(arena);
      fill(buffer, 300_000);
      faults.fail(LIKE_MAC ? "map" : "remap", 1, ENOMEM);
      check(buffer.finish(), 300_000);
    }
    assertThat(faults.calls("unmap")).isPositive();
  }

  @Test
  void bytesAreCopiedWithoutMremap() {
    faults.failAlways("remap", HOST.constants().ENOSYS());
    try (Arena arena = Arena.ofConfined()) {
      GrowableBuffer buffer = platform.growable(arena);
      buffer.room().set(ValueLayout.JAVA_BYTE, 7, (byte) 7);
      buffer.received(8);
      fill(buffer, 1 << 20);
      assertThat(buffer.finish().get(ValueLayout.JAVA_BYTE, 7)).isEqualTo((byte) 7);
    }
    assertThat(faults.calls("map")).isEqualTo(faults.calls("unmap"));
  }

  @Test
  void largeMemoryAsksForHugePages() {
    try (Arena arena = Arena.ofConfined()) {
      GrowableBuffer buffer = platform.growable(arena);
      fill(buffer, 2_000_000);
      assertThat(faults.calls("adviseHugePages")).isZero();
      fill(buffer, 4_000_000);
      int grown = faults.calls("adviseHugePages");
      assertThat(grown).isPositive();
      check(buffer.finish(), 6_000_000);
      assertThat(faults.calls("adviseHugePages")).as("not when it shrinks").isEqualTo(grown);
    }
  }

  @Test
  void refusedHugePagesChangeNothing() {
    faults.failAlways("adviseHugePages", HOST.constants().EPERM());
    try (Arena arena = Arena.ofConfined()) {
      GrowableBuffer buffer = platform.growable(arena);
      fill(buffer, 10 << 20);
      check(buffer.finish(), 10 << 20);
    }
    assertThat(faults.calls("map")).isEqualTo(faults.calls("unmap"));
  }

  @Test
  void automaticArenaIsUnmapped() {
    for (int i = 0; i < 50; i++) {
      fill(platform.growable(Arena.ofAuto()), 1 << 20);
    }
    await(
        "memory comes back",
        () -> {
          System.gc();
          return faults.calls("unmap") >= 40;
        });
  }

  @Test
  void receivedChecksTheRoom() {
    try (Arena arena = Arena.ofConfined()) {
      GrowableBuffer buffer = platform.growable(arena);
      assertThatThrownBy(() -> buffer.received(1 << 20))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> buffer.received(-1)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
