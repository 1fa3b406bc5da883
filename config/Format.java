import com.google.googlejavaformat.java.Main;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * {@code Format.java check|apply ROOT} looks at, or rewrites, every hand-written Java file below
 * ROOT with the google-java-format on the class path. Maven starts it with the toolchain's java,
 * because google-java-format takes its parser from the JVM it runs in, and Maven's own may be too
 * old for the language.
 */
class Format {
  public static void main(String[] args) throws Exception {
    boolean apply = args[0].equals("apply");
    Path root = Path.of(args[1]).toRealPath();
    List<String> arguments = new ArrayList<>();
    arguments.addAll(apply ? List.of("--replace") : List.of("--dry-run", "--set-exit-if-changed"));
    List<String> sources = sources(root);
    arguments.addAll(sources);

    StringWriter changed = new StringWriter();
    PrintWriter errors = new PrintWriter(System.err, true);
    int status =
        new Main(new PrintWriter(changed, true), errors, InputStream.nullInputStream())
            .format(arguments.toArray(String[]::new));
    errors.flush();
    changed.toString().lines().forEach(file -> System.out.println("Not formatted: " + file));
    if (status == 0) {
      System.out.println(sources.size() + " files " + (apply ? "formatted" : "are formatted"));
    } else if (!changed.toString().isEmpty()) {
      System.out.println("Format them with: mvn -N -Pformat process-sources");
    }
    System.exit(status);
  }

  private static List<String> sources(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> isSource(root.relativize(file).toString().replace('\\', '/')))
          .map(Path::toString)
          .sorted()
          .toList();
    }
  }

  private static boolean isSource(String file) {
    return file.endsWith(".java")
        && (file.matches("[^/]+/src/(main|test)/.*") || file.matches("(config|bindings)/.*"));
  }
}
