package io.github.jpopen.posix.kernel;

import io.github.jpopen.posix.SubJvm;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A running {@link KernelProgram}, and what makes the kernel fail in it. */
final class KernelJvm implements AutoCloseable {
  private final Process process;
  private final BufferedReader answers;
  private final BufferedWriter commands;

  /**
   * Starts one.
   *
   * @param launcher a program and arguments that run the rest as a command; may be empty
   */
  KernelJvm(Path folder, List<String> launcher, String... options) throws IOException {
    List<String> command = new ArrayList<>(launcher);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(List.of("-Xms64m", "-Xmx64m", "-XX:+AlwaysPreTouch"));
    command.addAll(List.of("-XX:-UsePerfData", "-Djdk.virtualThreadScheduler.parallelism=1"));
    command.addAll(List.of(options));
    String classPath = SubJvm.classPath();
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp", classPath));
    command.addAll(List.of(KernelProgram.class.getName(), classPath));
    Path log = folder.resolve("jvm" + System.nanoTime() + ".log");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    builder.environment().remove("JDK_JAVA_OPTIONS");
    process = builder.start();
    answers = process.inputReader();
    commands = process.outputWriter();
    String ready = answers.readLine();
    if (!"ready".equals(ready)) {
      close();
      throw new AssertionError(ready + " " + Files.readString(log));
    }
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** A new thread for the next act; its number in the kernel. */
  long worker(boolean virtual) throws IOException {
    return Long.parseLong(ask("worker " + (virtual ? "virtual" : "platform")));
  }

  /**
   * Does one act.
   *
   * @param fresh whether the library has to find out again what this kernel has
   */
  String act(boolean fresh, Act act, String argument) throws IOException {
    return ask((fresh ? "fresh " : "act ") + act + " " + argument);
  }

  /** Does one act while system calls are denied, as {@link CallFilter} takes them. */
  String denied(String calls, Act act) throws IOException {
    return ask("denied " + calls + " " + act);
  }

  /** What is held that was not held before the worker began. */
  String left() throws IOException {
    return ask("left");
  }

  /** What the JVM has in memory, in kB. */
  long memory() throws IOException {
    return Long.parseLong(ask("memory"));
  }

  private String ask(String command) throws IOException {
    commands.write(command + "\n");
    commands.flush();
    String answer = answers.readLine();
    if (answer == null) {
      throw new AssertionError("the JVM ended at: " + command);
    }
    return answer;
  }

  /** Runs a program to its end. */
  static boolean succeeds(List<String> command, String... more) throws IOException {
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of(more));
    try {
      return new ProcessBuilder(all).start().waitFor() == 0;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      boolean _ = process.waitFor(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
