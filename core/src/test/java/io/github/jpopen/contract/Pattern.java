package io.github.jpopen.contract;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Bytes that are the same in a test and in its child, and where a lost or moved byte shows. */
final class Pattern {
  private Pattern() {}

  /** The {@code index}th byte of the pattern with this seed. */
  static byte at(long index, int seed) {
    return (byte) (index * 31 + (index >>> 8) * 7 + (index >>> 16) * 13 + seed);
  }

  /** Fills {@code target} with the pattern from {@code offset} on. */
  static void fill(byte[] target, long offset, int seed) {
    for (int i = 0; i < target.length; i++) {
      target[i] = at(offset + i, seed);
    }
  }

  /** The first {@code length} bytes of the pattern. */
  static byte[] bytes(int length, int seed) {
    byte[] bytes = new byte[length];
    fill(bytes, 0, seed);
    return bytes;
  }

  /** The SHA-256 of some bytes, in hexadecimal digits. */
  static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(digest().digest(bytes));
  }

  /** An empty SHA-256. */
  static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
