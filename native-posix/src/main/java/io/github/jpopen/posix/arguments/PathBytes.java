package io.github.jpopen.posix.arguments;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * File names as the bytes they are to the kernel.
 *
 * <p>A {@link Path} holds those bytes but shows them decoded in the JVM's charset, which cannot
 * show every name. Only {@link Path#toUri} gives the bytes themselves, one by one in percent signs,
 * and takes them back.
 */
public final class PathBytes {
  private PathBytes() {}

  /** The name of a file, relative if the path is. */
  public static byte[] of(Path path) {
    String name = path.toString();
    if (isAscii(name)) {
      return name.getBytes(StandardCharsets.ISO_8859_1);
    }
    byte[] absolute = decode(path.toAbsolutePath().toUri().getRawPath());
    if (path.isAbsolute()) {
      return absolute;
    }
    int base = decode(Path.of("").toAbsolutePath().toUri().getRawPath()).length;
    int start = base == 1 ? base : base + 1; // after "/", or after the slash that follows
    return Arrays.copyOfRange(absolute, start, absolute.length);
  }

  /** The path with these bytes as its absolute name. */
  public static Path toPath(byte[] absolute) {
    String name = new String(absolute, StandardCharsets.ISO_8859_1);
    return isAscii(name) ? Path.of(name) : Path.of(URI.create("file://" + encode(absolute)));
  }

  /** The name by which a system call finds a file. An empty one means the working directory. */
  public static byte[] ofFile(Path path) {
    byte[] name = of(path);
    return name.length == 0 ? new byte[] {'.'} : name;
  }

  /** The path of a file that may be named relative to a directory, whose path is absolute. */
  public static Path resolve(Path directory, byte[] file) {
    return toPath(absolute(directory, file));
  }

  /** The absolute name of that file. */
  public static byte[] absolute(Path directory, byte[] file) {
    if (file[0] == '/') {
      return file;
    }
    byte[] base = of(directory);
    byte[] absolute = Arrays.copyOf(base, base.length + 1 + file.length);
    absolute[base.length] = '/';
    System.arraycopy(file, 0, absolute, base.length + 1, file.length);
    return absolute;
  }

  private static boolean isAscii(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (name.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  private static byte[] decode(String rawPath) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(rawPath.length());
    for (int i = 0; i < rawPath.length(); i++) {
      char c = rawPath.charAt(i);
      if (c == '%') {
        bytes.write(Integer.parseInt(rawPath, i + 1, i + 3, 16));
        i += 2;
      } else {
        bytes.write(c);
      }
    }
    byte[] decoded = bytes.toByteArray();
    // toUri() looks at the file and marks a directory.
    boolean marked = decoded.length > 1 && decoded[decoded.length - 1] == '/';
    return marked ? Arrays.copyOf(decoded, decoded.length - 1) : decoded;
  }

  private static String encode(byte[] name) {
    StringBuilder uri = new StringBuilder(3 * name.length);
    for (byte b : name) {
      if (b == '/') {
        uri.append('/');
      } else {
        uri.append('%')
            .append(Character.forDigit(b >> 4 & 0xF, 16))
            .append(Character.forDigit(b & 0xF, 16));
      }
    }
    return uri.toString();
  }
}
