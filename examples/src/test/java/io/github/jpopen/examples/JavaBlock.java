package io.github.jpopen.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * A block of Java in a document, compiled as the body of a method.
 *
 * @param classes where the compiler has put it
 */
record JavaBlock(Path classes) {
  private static final String BEFORE =
      """
      public class Block implements Callable<Void> {
        public Void call() throws Exception {
      """;

  private static final String AFTER =
      """
          return null;
        }
      }
      """;

  /** Fails with the messages of the compiler. */
  static JavaBlock compile(Path folder, String imports, String body) throws IOException {
    String code = imports + BEFORE + body + AFTER;
    Path classes = Files.createTempDirectory(folder, "block");
    Path source = Files.writeString(classes.resolve("Block.java"), code);
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    StringWriter errors = new StringWriter();
    List<String> options = List.of("-d", classes.toString(), "-cp", classPath());
    try (var files = javac.getStandardFileManager(null, null, null)) {
      boolean compiled =
          javac
              .getTask(errors, files, null, options, null, files.getJavaFileObjects(source))
              .call();
      if (!compiled) {
        fail(errors + "\n" + code);
      }
    }
    return new JavaBlock(classes);
  }

  /** Runs it, and returns what it has printed. */
  String run() throws Exception {
    URL[] urls = {classes.toUri().toURL()};
    PrintStream stdout = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (URLClassLoader loader = new URLClassLoader(urls)) {
      System.setOut(new PrintStream(printed, true, UTF_8));
      Object block = loader.loadClass("Block").getDeclaredConstructor().newInstance();
      ((Callable<?>) block).call();
    } finally {
      System.setOut(stdout);
    }
    return printed.toString(UTF_8);
  }

  /** Surefire's own class path is a jar that only points at the others. */
  private static String classPath() {
    String plain = System.getProperty("java.class.path");
    return System.getProperty("surefire.test.class.path", plain);
  }
}
