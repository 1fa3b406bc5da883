package io.github.jpopen.conformance.children;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;

/** The program of a child that is a JVM: it does what its arguments name. */
final class Acts {
  private static final String JAVA = File.separatorChar == '/' ? "java" : "java.exe";
  private static final String END = "--";

  private final InputStream stdin = new FileInputStream(FileDescriptor.in);
  private final OutputStream stdout = new FileOutputStream(FileDescriptor.out);
  private final OutputStream stderr = new FileOutputStream(FileDescriptor.err);
  private final List<String> arguments;

  private Acts(List<String> arguments) {
    this.arguments = arguments;
  }

  /** The command of a JVM that does this; its arguments come after it. */
  static List<String> command(List<String> acts) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", JAVA).toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"));
    CodeSource source = Acts.class.getProtectionDomain().getCodeSource();
    if (source != null && "file".equals(source.getLocation().getProtocol())) {
      try {
        command.addAll(List.of("-cp", Path.of(source.getLocation().toURI()).toString()));
      } catch (URISyntaxException e) {
        throw new IllegalStateException(e);
      }
      command.add(Acts.class.getName());
    } else { // an image of jlink
      command.addAll(List.of("-m", Acts.class.getModule().getName() + "/" + Acts.class.getName()));
    }
    command.addAll(acts);
    command.add(END);
    return command;
  }

  /** Does each act in turn. */
  public static void main(String[] args) throws Exception {
    List<String> all = List.of(args);
    int end = all.indexOf(END);
    Acts acts = new Acts(all.subList(end + 1, all.size()));
    for (String act : all.subList(0, end)) {
      int colon = act.indexOf(':');
      String name = colon < 0 ? act : act.substring(0, colon);
      acts.perform(name, act.substring(colon + 1));
    }
    Runtime.getRuntime().halt(0);
  }

  private void perform(String act, String value) throws IOException, InterruptedException {
    switch (act) {
      case "print" -> stdout.write(value.getBytes(UTF_8));
      case "error" -> stderr.write(value.getBytes(UTF_8));
      case "fillError" -> stderr.write(new byte[Integer.parseInt(value)]);
      case "printForEver" -> printForEver();
      case "cat" -> stdin.transferTo(stdout);
      case "tee" -> tee();
      case "sleep" -> Thread.sleep(Long.parseLong(value));
      case "background" -> background(value);
      case "closeInput" -> stdin.close();
      case "closeOutputs" -> {
        stdout.close();
        stderr.close();
      }
      case "printArguments" -> printArguments();
      case "printVariable" -> stdout.write(System.getenv(value).getBytes(UTF_8));
      case "printDirectory" -> printDirectory();
      case "exit" -> Runtime.getRuntime().halt(Integer.parseInt(value));
      default -> throw new IllegalArgumentException(act);
    }
  }

  private void printForEver() throws IOException {
    byte[] line = "on and on\n".getBytes(UTF_8);
    while (true) {
      stdout.write(line);
    }
  }

  private void tee() throws IOException {
    byte[] buffer = new byte[8_192];
    int bytes;
    while ((bytes = stdin.read(buffer)) >= 0) {
      stdout.write(buffer, 0, bytes);
      stderr.write(buffer, 0, bytes);
    }
  }

  private static void background(String value) throws IOException {
    int blank = value.indexOf(' ');
    String sleep = "sleep:" + value.substring(0, blank);
    new ProcessBuilder(command(List.of(sleep, "print:" + value.substring(blank + 1))))
        .redirectOutput(ProcessBuilder.Redirect.INHERIT)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private void printArguments() throws IOException {
    for (String argument : arguments) {
      stdout.write(("<" + argument + ">").getBytes(UTF_8));
    }
  }

  private void printDirectory() throws IOException {
    stdout.write((Path.of("").toRealPath() + "\n").getBytes(UTF_8));
  }
}
