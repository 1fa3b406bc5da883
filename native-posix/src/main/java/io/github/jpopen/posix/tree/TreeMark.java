package io.github.jpopen.posix.tree;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A token in the environment of a child, which every process inherits that it starts. So a process
 * can be found that has left its group and its session, and lost its parent.
 *
 * <p>The variable holds a list: a process may belong to several trees, one in the other.
 */
public final class TreeMark {
  /** The name of the variable. */
  public static final String VARIABLE = "JPOPEN_TREE";

  private static final char SEPARATOR = ':';

  private final String token;

  private TreeMark(String token) {
    this.token = token;
  }

  /** A mark that no other child has, of any JVM. */
  public static TreeMark create() {
    // Not secret, only unique. A SecureRandom would take long to load.
    return new TreeMark(
        Long.toHexString(ProcessHandle.current().pid())
            + "-"
            + Long.toHexString(System.nanoTime())
            + "-"
            + Long.toHexString(ThreadLocalRandom.current().nextLong()));
  }

  /** What no other child has: letters, digits and hyphens. */
  public String token() {
    return token;
  }

  /** The value of the variable, where it has a value already. */
  public String after(byte @Nullable [] outer) {
    return outer == null || outer.length == 0
        ? token
        : new String(outer, ISO_8859_1) + SEPARATOR + token;
  }

  /** Whether an environment has it: strings, each of which ends in NUL. */
  boolean isIn(byte[] environment) {
    String all = new String(environment, ISO_8859_1);
    int at = 0;
    while (at < all.length()) {
      int end = all.indexOf('\0', at);
      end = end < 0 ? all.length() : end;
      if (all.startsWith(VARIABLE + "=", at) && holds(all.substring(at, end))) {
        return true;
      }
      at = end + 1;
    }
    return false;
  }

  private boolean holds(String variable) {
    String list = variable.substring(variable.indexOf('=') + 1);
    return (SEPARATOR + list + SEPARATOR).contains(SEPARATOR + token + SEPARATOR);
  }
}
