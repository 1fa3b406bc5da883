package io.github.jpopen.posix.spawn;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The loader that an ELF program names in its {@code PT_INTERP} header, see elf(5). */
final class ElfLoader {
  private static final int MAGIC = 0x7F454C46; // 0x7F "ELF"
  private static final int PT_INTERP = 3;

  /** As much as the longest file header needs. */
  private static final int HEADER = 64;

  /** PATH_MAX, the longest name that the kernel accepts here. */
  private static final int LONGEST_NAME = 4096;

  private final FileChannel file;
  private final ByteOrder order;
  private final boolean wide; // 64 bits

  private ElfLoader(FileChannel file, ByteOrder order, boolean wide) {
    this.file = file;
    this.order = order;
    this.wide = wide;
  }

  /** The loader of a program; null if it names none, or cannot be read. */
  static byte @Nullable [] of(Path program) {
    try (FileChannel file = FileChannel.open(program, StandardOpenOption.READ)) {
      ByteBuffer header = read(file, 0, HEADER);
      if (header.remaining() < HEADER || header.getInt(0) != MAGIC) {
        return null;
      }
      ByteOrder order = header.get(5) == 2 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
      return new ElfLoader(file, order, header.get(4) == 2).find(header.order(order));
    } catch (IOException e) {
      return null; // may be executed and not read
    }
  }

  private byte @Nullable [] find(ByteBuffer header) throws IOException {
    long offset = word(header, wide ? 32 : 28); // e_phoff
    int size = header.getShort(wide ? 54 : 42) & 0xFFFF; // e_phentsize
    int count = header.getShort(wide ? 56 : 44) & 0xFFFF; // e_phnum
    int needed = wide ? 40 : 20;
    for (int i = 0; i < count && size >= needed; i++) {
      ByteBuffer segment = read(file, offset + (long) i * size, needed).order(order);
      if (segment.remaining() == needed && segment.getInt(0) == PT_INTERP) {
        return name(word(segment, wide ? 8 : 4), word(segment, wide ? 32 : 16));
      }
    }
    return null;
  }

  private byte @Nullable [] name(long offset, long size) throws IOException {
    if (size < 2 || size > LONGEST_NAME) {
      return null;
    }
    byte[] name = read(file, offset, (int) size).array();
    return Arrays.copyOf(name, name.length - 1); // without its NUL
  }

  private long word(ByteBuffer from, int index) {
    return wide ? from.getLong(index) : from.getInt(index) & 0xFFFFFFFFL;
  }

  private static ByteBuffer read(FileChannel file, long position, int length) throws IOException {
    if (position < 0) {
      throw new IOException("no such position");
    }
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      int count = file.read(bytes, position + bytes.position());
      if (count < 0) {
        break;
      }
    }
    return bytes.flip();
  }
}
