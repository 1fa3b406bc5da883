package io.github.jpopen.posix.libc;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Private memory whose size can change and that is unmapped when its arena is closed.
 *
 * <p>A segment refers to the current address, so it must not be used after {@link #resize}.
 */
public final class MappedMemory {
  private static final long PAGE = 4096;

  /** Huge pages are asked for from this size on. Doubled memory is half full by then. */
  private static final long HUGE = 4 << 20;

  private final Arena arena;
  private final Mapping mapping;

  /**
   * Maps memory.
   *
   * @param posix the calls
   * @param arena the owner
   * @param bytes the initial size
   */
  @SuppressWarnings("restricted")
  public MappedMemory(Posix posix, Arena arena, long bytes) {
    this.arena = arena;
    mapping = new Mapping(posix);
    // Registered before anything is mapped. The action must not refer to the arena: an automatic
    // one would never be collected.
    MemorySegment.NULL.reinterpret(0, arena, mapping::close);
    mapping.resize(bytes);
  }

  /**
   * The size in bytes, at least the requested one.
   *
   * @throws IllegalStateException if the arena is closed
   */
  public long size() {
    return mapping.size();
  }

  /**
   * Grows or shrinks the memory, and moves it if necessary. If the system refuses to shrink it, all
   * of it stays.
   *
   * @throws OutOfMemoryError if the system refuses to grow it
   * @throws IllegalStateException if the arena is closed
   */
  public void resize(long bytes) {
    mapping.resize(bytes);
  }

  /**
   * A part of the memory, valid until {@link #resize} or until the arena is closed.
   *
   * @param offset the offset of the first byte
   * @param bytes the size
   * @return the part
   */
  @SuppressWarnings("restricted")
  public MemorySegment segment(long offset, long bytes) {
    return MemorySegment.ofAddress(mapping.address() + offset).reinterpret(bytes, arena, null);
  }

  /**
   * The address and the size. Another thread may close the arena at any moment, so each change
   * holds the lock.
   */
  private static final class Mapping {
    private final Posix posix;
    private long address;
    private long size;
    private boolean closed;

    Mapping(Posix posix) {
      this.posix = posix;
    }

    synchronized long address() {
      return address;
    }

    synchronized long size() {
      checkOpen();
      return size;
    }

    private void checkOpen() {
      if (closed) {
        throw new IllegalStateException("Already closed");
      }
    }

    synchronized void resize(long bytes) {
      checkOpen();
      long pages = Math.addExact(bytes, PAGE - 1) & -PAGE;
      if (pages == size) {
        return;
      }
      long result = size == 0 ? posix.map(pages) : posix.remap(address, size, pages);
      if (result == -posix.constants().ENOSYS()) {
        result = copy(pages);
      }
      if (result < 0 && pages < size) {
        return; // all of it stays: the process has too many mappings, for example
      }
      if (result < 0) {
        throw new OutOfMemoryError("mmap: " + posix.constants().errorName((int) -result));
      }
      boolean grew = pages > size;
      address = result;
      size = pages;
      if (grew && pages >= HUGE) {
        // Zeroing fresh pages of 4 KiB one by one takes longer than to fill them. If the kernel
        // refuses (no such pages, a filter), the memory is as good.
        int _ = posix.adviseHugePages(address, size);
      }
    }

    // For systems that cannot move pages.
    @SuppressWarnings("restricted")
    private long copy(long pages) {
      long result = posix.map(pages);
      if (result >= 0) {
        long kept = Math.min(size, pages);
        MemorySegment from = MemorySegment.ofAddress(address).reinterpret(kept);
        MemorySegment.ofAddress(result).reinterpret(kept).copyFrom(from);
        posix.unmap(address, size);
      }
      return result;
    }

    synchronized void close(MemorySegment ignored) {
      closed = true;
      if (size != 0) {
        posix.unmap(address, size);
        size = 0;
      }
    }
  }
}
