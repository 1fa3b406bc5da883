package io.github.jpopen.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.jpopen.Command;
import io.github.jpopen.OutputLimitException;
import io.github.jpopen.Redirect;
import io.github.jpopen.TimeoutExpiredException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.ValueDescriptor;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events of the Flight Recorder and lines of the log, each in a JVM of its own. */
class SeenInProductionTest {
  private static final String SECRET = "hunter2";
  private static final String EVENT = "io.github.jpopen.";

  private static final Set<String> DIFFERENT =
      Set.of(
          "startTime",
          "duration",
          "eventThread",
          "stackTrace",
          "program",
          "pid",
          "startDuration",
          "lifetime");

  /** What a recording has of the children of {@link #playAll}. */
  private static final List<String> STORY =
      List.of(
          "ChildStart sh",
          "ChildExit sh returncode=3 observed=true bytesSent=7 stdoutBytes=8 stderrBytes=4",
          "ChildStart sh",
          "ChildTimeout sh limit=TOTAL timeout=50000000",
          "ChildKill sh signal=SIGKILL cause=TIMEOUT",
          "ChildExit sh returncode=-9 observed=true bytesSent=0 stdoutBytes=0 stderrBytes=0",
          "ChildStart sh",
          "ChildLimit sh stream=stdout received=7",
          "ChildKill sh signal=SIGKILL cause=FAILURE",
          "ChildExit sh returncode=-9 observed=true bytesSent=0 stdoutBytes=7 stderrBytes=0",
          "ChildStart sh",
          "ChildExit sh returncode=-2147483648 observed=false bytesSent=0 stdoutBytes=0"
              + " stderrBytes=0");

  @TempDir Path temp = Path.of("");

  @BeforeEach
  void once() {
    assumeTrue(
        System.getProperty(Settings.TIER) == null && !PosixTest.LIKE_MAC && PosixTest.HAS_PIDFD,
        "core writes the same events whichever calls there are");
  }

  private static Command<byte[]> shell(String script) {
    return Command.of("sh", "-c", script, SECRET).env("TOKEN", SECRET);
  }

  /** A child for each kind of event. */
  private static void playAll() throws Exception {
    shell("cat; echo; echo err >&2; exit 3").input(SECRET).captureOutput().run();
    try {
      shell("exec sleep 60").timeout(Duration.ofMillis(50)).run();
      throw new AssertionError("no timeout");
    } catch (TimeoutExpiredException e) {
      assertThat(e.timeout()).isEqualTo(Duration.ofMillis(50));
    }
    try {
      shell("printf " + SECRET + "; exec sleep 60").stdout(Redirect.PIPE.limit(6)).run();
      throw new AssertionError("no limit");
    } catch (OutputLimitException e) {
      assertThat(e.stdout().size()).isPositive();
    }
    assertThat(shell("exit 0").startDetached()).isPositive();
  }

  @Test
  void aRecordingHasEveryEventAndNoSecret() throws Exception {
    Path recording = temp.resolve("recording.jfr");
    new SubJvm().run("exec \"$@\"", Recorded.class, temp.resolve("result"), recording.toString());
    List<RecordedEvent> events =
        RecordingFile.readAllEvents(recording).stream()
            .filter(e -> e.getEventType().getName().startsWith(EVENT))
            .sorted((a, b) -> a.getStartTime().compareTo(b.getStartTime()))
            .toList();
    assertThat(events.stream().map(SeenInProductionTest::describe))
        .containsExactlyElementsOf(STORY);
    assertThat(events)
        .allSatisfy(e -> assertThat(e.getLong("pid")).isPositive())
        .noneMatch(e -> e.toString().contains(SECRET) || e.toString().contains("TOKEN"));
    assertThat(events.getFirst().getDuration("startDuration")).isPositive();
    assertThat(events.get(1).getDuration("lifetime")).isPositive();
    assertThat(events.getFirst().getStackTrace()).as("who started it").isNotNull();
  }

  /** Without what differs between two runs. */
  private static String describe(RecordedEvent event) {
    String name = event.getEventType().getName().replace(EVENT, "");
    return event.getFields().stream()
        .map(ValueDescriptor::getName)
        .filter(field -> !DIFFERENT.contains(field))
        .map(field -> " " + field + "=" + event.getValue(field))
        .collect(Collectors.joining("", name + " " + event.getString("program"), ""));
  }

  /** Records what {@link #playAll} does. */
  static final class Recorded {
    private Recorded() {}

    public static void main(String[] arguments) throws Exception {
      try (Recording recording = new Recording()) {
        recording.start();
        playAll();
        recording.stop();
        recording.dump(Path.of(arguments[1]));
      }
      SubJvm.report(arguments[0], SubJvm.FINE);
    }
  }

  /** Does what {@link #playAll} does, and nothing else. */
  static final class Played {
    private Played() {}

    public static void main(String[] arguments) throws Exception {
      playAll();
      SubJvm.report(arguments[0], SubJvm.FINE);
    }
  }

  private List<String> classesLoaded(String... options) throws Exception {
    Path log = temp.resolve("classes");
    new SubJvm()
        .option("-Xlog:class+load:file=" + log.toString().replace(":", "\\:"))
        .option(options)
        .run("exec \"$@\"", Played.class, temp.resolve("result"));
    return Files.readAllLines(log);
  }

  @Test
  void nothingIsLoadedForWhatIsOff() throws Exception {
    List<String> classes = classesLoaded();
    assertThat(classes.stream().filter(line -> line.contains(" jdk.jfr.")))
        .hasSize(1)
        .allMatch(line -> line.contains(" jdk.jfr.FlightRecorder "));
    assertThat(classes)
        .noneMatch(line -> line.contains("io.github.jpopen.FlightEvents"))
        .noneMatch(line -> line.contains("io.github.jpopen.EventLog"))
        .noneMatch(line -> line.contains("io.github.jpopen.ChildEvent"))
        .noneMatch(line -> line.contains(" java.util.logging."));
  }

  @Test
  void aRuntimeWithoutTheRecorderWorks() throws Exception {
    List<String> classes =
        classesLoaded("--limit-modules", "java.base", "-Dio.github.jpopen.log=true");
    assertThat(classes)
        .noneMatch(line -> line.contains(" jdk.jfr."))
        .anyMatch(line -> line.contains("io.github.jpopen.EventLog "));
  }

  @Test
  void theLogHasALineForEachEventAndNoSecret() throws Exception {
    Path configuration = temp.resolve("logging.properties");
    Files.writeString(
        configuration,
        """
        handlers=java.util.logging.ConsoleHandler
        java.util.logging.ConsoleHandler.level=ALL
        java.util.logging.SimpleFormatter.format=%4$s %3$s %5$s%n
        io.github.jpopen.level=FINE
        """);
    Path result = temp.resolve("result");
    String file = "-Djava.util.logging.config.file=" + configuration;
    new SubJvm()
        .option(file, "-Dio.github.jpopen.log=true")
        .run("exec \"$@\"", Played.class, result);
    List<String> lines =
        Files.readAllLines(temp.resolve("result.log")).stream()
            .filter(line -> line.contains("child \"sh\""))
            .toList();
    assertThat(lines).hasSameSizeAs(STORY).allMatch(l -> l.startsWith("FINE io.github.jpopen "));
    assertThat(lines.getFirst()).matches(".*child \"sh\" \\(process \\d+\\) started in .*");
    assertThat(lines.toString()).doesNotContain(SECRET).doesNotContain("TOKEN");
    new SubJvm().option(file).run("exec \"$@\"", Played.class, result);
    assertThat(Files.readString(temp.resolve("result.log"))).as("off").doesNotContain("child");
  }
}
