package io.github.jpopen.examples;

import io.github.jpopen.Command;

/**
 * The programs that the tour talks to. The tour is the same on every system; this is what differs.
 *
 * @param archive reads names that NUL separates, writes a tar archive of these files
 * @param compress writes its input as gzip
 * @param expand undoes that
 * @param digest writes the SHA-256 of its input in hexadecimal, then a blank
 * @param slow writes each line of its input back after a while: six lines take longer than 1.4 s
 * @param deaf never reads, and lives for a minute
 */
record Children(
    Command<byte[]> archive,
    Command<byte[]> compress,
    Command<byte[]> expand,
    Command<byte[]> digest,
    Command<byte[]> slow,
    Command<byte[]> deaf) {

  static Children ofThisSystem() {
    String system = System.getProperty("os.name");
    if (system.startsWith("Windows")) {
      throw new UnsupportedOperationException("the tour has no children for Windows yet");
    }
    return posix(
        system.startsWith("Mac") ? Command.of("shasum", "-a", "256") : Command.of("sha256sum"));
  }

  private static Children posix(Command<byte[]> digest) {
    return new Children(
        Command.of("tar", "-c", "-f", "-", "--null", "-T", "-"),
        Command.of("gzip", "-c"),
        Command.of("gzip", "-dc"),
        digest,
        Command.shell("while IFS= read -r line; do sleep 0.3; printf '%s\\n' \"$line\"; done"),
        Command.of("sleep", "60"));
  }
}
