package io.github.jpopen.bench.cases;

import io.github.jpopen.Command;
import io.github.jpopen.CompletedProcess;
import io.github.jpopen.SpawnException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The workers in other languages, compiled here and now by what is installed.
 *
 * <p>Where a tool is missing, what it would have made is missing too, and the reason is kept.
 */
public final class Tools {
  /** The loop in C, and the child that speaks on both outputs. */
  public static final String C = "C loop";

  static final String BOTH = "both";

  /** The child for Windows. */
  static final String ZEROS = "zeros";

  static final String PYTHON = "CPython";
  static final String GO = "Go os/exec";
  public static final String RUST = "Rust std";

  private final Path folder;
  private final Map<String, List<String>> commands = new LinkedHashMap<>();
  private final Map<String, String> missing = new LinkedHashMap<>();
  private final Map<String, String> versions = new LinkedHashMap<>();

  private Tools(Path folder) {
    this.folder = folder;
  }

  /** Compiles what can be compiled. */
  static Tools prepare(Path folder) throws IOException, InterruptedException {
    Tools tools = new Tools(folder);
    for (String name : List.of(C, BOTH)) {
      Path source = tools.source(name.equals(C) ? "communicate.c" : "both.c");
      Path program = folder.resolve(name.equals(C) ? "communicate-c" : "both");
      tools.compile(name, program, "cc", "-O2", "-o", program.toString(), source.toString());
    }
    String zeros = folder.resolve("zeros.exe").toString();
    String zerosSource = tools.source("zeros.c").toString();
    tools.compile(ZEROS, Path.of(zeros), "x86_64-w64-mingw32-gcc", "-O2", "-o", zeros, zerosSource);
    Path python = tools.source("communicate.py");
    if (tools.run(PYTHON, "python3", "--version")) {
      tools.commands.put(PYTHON, List.of("python3", python.toString()));
    }
    Path go = folder.resolve("communicate-go");
    tools.compile(
        GO, go, "go", "build", "-o", go.toString(), tools.source("communicate.go").toString());
    Path rust = folder.resolve("communicate-rust");
    Path crate = tools.source("communicate.rs");
    tools.compile(RUST, rust, "rustc", "-O", "-o", rust.toString(), crate.toString());
    tools.version("gcc", "cc", "-dumpfullversion");
    tools.version("CPython", "python3", "--version");
    tools.version("Go", "go", "version");
    tools.version("Rust", "rustc", "--version");
    return tools;
  }

  /** How a worker is started, without its arguments; empty if it is missing. */
  List<String> command(String name) {
    return commands.getOrDefault(name, List.of());
  }

  /** Why a worker is missing. */
  String whyMissing(String name) {
    return missing.getOrDefault(name, "");
  }

  /** What was compiled with, for the report. */
  public Map<String, String> versions() {
    return versions;
  }

  private void compile(String name, Path program, String... command)
      throws IOException, InterruptedException {
    if (run(name, command)) {
      commands.put(name, List.of(program.toString()));
    }
  }

  private boolean run(String name, String... command) throws IOException, InterruptedException {
    try {
      CompletedProcess<String> result =
          Command.of(List.of(command)).cwd(folder).text().captureOutput().run();
      if (result.returncode() == 0) {
        return true;
      }
      missing.put(name, command[0] + " exited with " + result.returncode());
      System.err.println(result.stderr());
    } catch (SpawnException e) {
      missing.put(name, "not installed: " + command[0]);
    }
    return false;
  }

  private void version(String name, String... command) throws IOException, InterruptedException {
    try {
      String text = Command.of(List.of(command)).text().checkOutput().strip();
      versions.put(name, text.replaceFirst("^\\D*", "").split(" ", -1)[0]);
    } catch (SpawnException e) { // its row says so
      versions.put(name, "not installed");
    }
  }

  private Path source(String name) {
    Path file = folder.resolve(name);
    try (InputStream source = Tools.class.getResourceAsStream("/workers/" + name)) {
      if (source == null) {
        throw new IllegalStateException("the jar has no " + name);
      }
      Files.copy(source, file, StandardCopyOption.REPLACE_EXISTING);
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
