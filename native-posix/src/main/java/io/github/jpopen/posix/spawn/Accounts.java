package io.github.jpopen.posix.spawn;

import io.github.jpopen.posix.libc.CStrings;
import io.github.jpopen.posix.libc.Posix;
import io.github.jpopen.spi.SpawnRefused;
import io.github.jpopen.spi.SpawnRequest.Account;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/** The numbers of users and groups. */
public final class Accounts {
  /**
   * Where {@code pw_uid} and {@code gr_gid} stand: after two pointers, in every C library of Linux.
   */
  public static final long OFFSET_OF_ID = 2L * Long.BYTES;

  /** More than {@code struct passwd} and {@code struct group} need. */
  public static final long ENTRY = 128;

  // (uid_t) -1, which to the calls that set a user means none.
  private static final int NO_ID = -1;

  private static final long TEXT = 16 << 10;
  private static final long LONGEST_TEXT = 16 << 20; // a group may have many members

  /** A call of the C library that looks a name up. */
  private interface Search {
    int find(MemorySegment name, MemorySegment entry, MemorySegment text, MemorySegment found);
  }

  private final Posix posix;
  private final Arena arena;
  private final SpawnFailure failure;

  Accounts(Posix posix, Arena arena, SpawnFailure failure) {
    this.posix = posix;
    this.arena = arena;
    this.failure = failure;
  }

  int user(Account account) throws SpawnRefused {
    return number(account, "user", "getpwnam_r", posix::findUser);
  }

  int group(Account account) throws SpawnRefused {
    return number(account, "group", "getgrnam_r", posix::findGroup);
  }

  private int number(Account account, String kind, String call, Search search) throws SpawnRefused {
    return switch (account) {
      case Account.Id id -> id.number();
      case Account.Name name -> number(name.name(), kind, call, search);
    };
  }

  private int number(String name, String kind, String call, Search search) throws SpawnRefused {
    int tooSmall = -posix.constants().ERANGE();
    MemorySegment string = CStrings.string(name.getBytes(StandardCharsets.UTF_8), arena);
    MemorySegment found = arena.allocate(Long.BYTES, Long.BYTES);
    MemorySegment entry = arena.allocate(ENTRY, Long.BYTES);
    int result = tooSmall;
    for (long size = TEXT; result == tooSmall && size <= LONGEST_TEXT; size *= 4) {
      try (Arena text = Arena.ofConfined()) {
        result = search.find(string, entry, text.allocate(size), found);
      }
    }
    if (result == -posix.constants().ENOSYS()) {
      throw new UnsupportedOperationException(SpawnConstants.NEEDS_LINUX);
    }
    // Some C libraries report a missing name as an error.
    if (result < 0 || found.get(ValueLayout.JAVA_LONG, 0) == 0) {
      int error = result < 0 ? -result : posix.constants().ENOENT();
      throw failure.ofAccount(kind + " \"" + name + "\" is not known", call, error);
    }
    int number = entry.get(ValueLayout.JAVA_INT, OFFSET_OF_ID);
    if (number == NO_ID) {
      throw failure.ofAccount(
          kind + " \"" + name + "\" has no number", call, posix.constants().EINVAL());
    }
    return number;
  }
}
