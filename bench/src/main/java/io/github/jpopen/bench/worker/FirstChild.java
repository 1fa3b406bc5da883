package io.github.jpopen.bench.worker;

import io.github.jpopen.Command;
import java.io.IOException;
import java.io.InputStream;

/**
 * The first child of a fresh JVM: prints the nanoseconds from the start of main to its output.
 *
 * <p>Uses nothing that would warm up what is measured.
 */
public final class FirstChild {
  private FirstChild() {}

  /** The argument is {@code jpopen} or {@code ProcessBuilder}. */
  public static void main(String[] args) throws IOException, InterruptedException {
    long start = System.nanoTime();
    byte[] output = args[0].equals("jpopen") ? jpopen() : processBuilder();
    long nanos = System.nanoTime() - start;
    if (output.length != "hello\n".length()) {
      throw new IllegalStateException(output.length + " bytes");
    }
    System.out.println(nanos);
  }

  private static byte[] jpopen() throws IOException, InterruptedException {
    return Command.of("/bin/echo", "hello").captureOutput().run().stdout();
  }

  private static byte[] processBuilder() throws IOException, InterruptedException {
    Process process = new ProcessBuilder("/bin/echo", "hello").start();
    try (InputStream stdout = process.getInputStream()) {
      byte[] output = stdout.readAllBytes();
      process.waitFor();
      return output;
    }
  }
}
