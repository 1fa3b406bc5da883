package io.github.jpopen.posix;

import io.github.jpopen.contract.PlainClassPath;
import io.github.jpopen.spi.ChildProcess;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Runs a main class of these tests in another JVM, started by a shell that prepares what a process
 * inherits at its start.
 */
public final class SubJvm {
  /** Far more than any in the build takes. A wait without a limit would hang the whole build. */
  private static final Duration LIMIT = Duration.ofMinutes(5);

  /** Stands for the JVM and its arguments in a script. */
  public static final String JVM = "\"$@\"";

  private final List<String> options =
      new ArrayList<>(List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1"));
  private boolean granted = true;
  private Duration limit = LIMIT;

  public SubJvm option(String... more) {
    options.addAll(List.of(more));
    return this;
  }

  /** How long it may take, if that is longer than any in the build. */
  public SubJvm within(Duration longer) {
    limit = longer;
    return this;
  }

  /** Native access is not granted. */
  public SubJvm denied() {
    granted = false;
    return option("--illegal-native-access=deny");
  }

  /**
   * Runs to the end.
   *
   * @param script what the shell does; ends in {@code exec "$@"} with redirects
   * @param arguments for the main class; the first is where it is to write its result
   * @return the result
   */
  public String run(String script, Class<?> main, Path result, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", script, "sh"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    for (String property : List.of(Settings.TIER, Settings.PIDFD, Settings.EPOLL, Settings.CALLS)) {
      if (System.getProperty(property) != null) {
        command.add("-D" + property + "=" + System.getProperty(property));
      }
    }
    if (granted) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.addAll(List.of("-cp", classPath(), main.getName(), result.toString()));
    command.addAll(List.of(arguments));
    Path log = result.resolveSibling(result.getFileName() + ".log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    process.getOutputStream().close();
    if (!process.waitFor(limit)) {
      String stacks = stacks(process);
      end(process.toHandle());
      throw new AssertionError("not within " + limit + ": " + stacks);
    }
    int exit = process.exitValue();
    if (exit != 0 || !Files.exists(result)) {
      throw new AssertionError("exit " + exit + ": " + Files.readString(log));
    }
    return Files.readString(result);
  }

  /** Where the threads of a JVM are, or of the shell's child. */
  private static String stacks(Process process) throws IOException, InterruptedException {
    long jvm =
        process.descendants().mapToLong(ProcessHandle::pid).findFirst().orElse(process.pid());
    String jstack = Path.of(System.getProperty("java.home"), "bin", "jstack").toString();
    for (long pid : new long[] {process.pid(), jvm}) {
      Process shown =
          new ProcessBuilder(jstack, Long.toString(pid)).redirectErrorStream(true).start();
      String text = new String(shown.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (shown.waitFor() == 0) {
        return text;
      }
    }
    return "no stacks";
  }

  private static void end(ProcessHandle process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  /** What this JVM runs with. Not java.class.path: the tests may run on the module path. */
  public static String classPath() {
    Set<String> roots = new LinkedHashSet<>();
    for (Class<?> type : List.of(SubJvm.class, PosixPlatform.class, ChildProcess.class)) {
      roots.add(root(type));
    }
    roots.add(root(io.github.jpopen.posix.ffi.linux.LibC.class));
    roots.addAll(List.of(System.getProperty("java.class.path", "").split(File.pathSeparator, -1)));
    roots.remove("");
    return PlainClassPath.of(String.join(File.pathSeparator, roots));
  }

  /** The folder or archive of a class. */
  public static String root(Class<?> type) {
    String name = "/" + type.getName().replace('.', '/') + ".class";
    String url = Objects.requireNonNull(type.getResource(name), name).toString();
    if (url.startsWith("jar:")) {
      url = url.substring(4, url.indexOf("!/"));
    } else {
      url = url.substring(0, url.length() - name.length());
    }
    return Path.of(URI.create(url)).toString();
  }

  /** Writes what a main class found. */
  public static void report(String file, String result) throws IOException {
    Files.writeString(Path.of(file), result);
  }

  /** What a main class finds when all is well. */
  public static final String FINE = "fine";

  /** Turns what differs into a result. */
  public static String verdict(Map<String, String> differences) {
    return differences.isEmpty() ? FINE : differences.toString();
  }
}
