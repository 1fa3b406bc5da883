package io.github.jpopen.posix.child;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.jpopen.Command;
import io.github.jpopen.ExitStatus;
import io.github.jpopen.Input;
import io.github.jpopen.Output;
import io.github.jpopen.Pipeline;
import io.github.jpopen.Popen;
import io.github.jpopen.Redirect;
import io.github.jpopen.Signal;
import io.github.jpopen.SpawnException;
import io.github.jpopen.TimeoutExpiredException;
import io.github.jpopen.contract.Resources;
import io.github.jpopen.posix.PosixPlatform;
import io.github.jpopen.posix.PosixTest;
import io.github.jpopen.posix.Settings;
import io.github.jpopen.posix.SubJvm;
import io.github.jpopen.posix.libc.ForwardingPosix;
import io.github.jpopen.seam.SpawnRequests;
import io.github.jpopen.seam.StepDriver;
import java.io.FileInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Children that were started and that no thread waits for: their exits are collected, a dead one
 * holds no descriptor, and no byte and no code is lost.
 */
class UnwatchedChildrenTest extends PosixTest {
  private static final int CODE = 3;

  /** More than any pipe holds that is not made larger. */
  private static final int MUCH = 1 << 20;

  @TempDir @Nullable Path directory;

  private Resources before = Resources.now();

  /** What the standard streams of a child are, and what it does with them. */
  enum Streams {
    CAPTURED("echo out; echo err >&2", "out\n", "err\n"),
    SILENT(":", "", ""),
    FULL_PIPE("head -c 65536 /dev/zero", "\0".repeat(65536), ""),
    INPUT_LEFT_OPEN("echo out", "out\n", ""),
    INHERITED(":", null, null),
    NULL("echo out; echo err >&2", null, null),
    ONE_PIPE("echo out", "out\n", null);

    final String script;
    final @Nullable String out;
    final @Nullable String err;

    Streams(String script, @Nullable String out, @Nullable String err) {
      this.script = script;
      this.out = out;
      this.err = err;
    }

    Popen<byte[]> start() throws Exception {
      return command(script + "; exit " + CODE).start();
    }

    private Command<byte[]> command(String text) {
      Command<byte[]> command = Command.shell(text);
      return switch (this) {
        case INHERITED -> command;
        case NULL ->
            command.stdin(Redirect.DEVNULL).stdout(Redirect.DEVNULL).stderr(Redirect.DEVNULL);
        case ONE_PIPE -> command.stdout(Redirect.PIPE);
        case INPUT_LEFT_OPEN -> command.stdin(Redirect.PIPE).captureOutput();
        default -> command.captureOutput();
      };
    }

    void check(Output<byte[]> output) {
      if (out != null) {
        assertThat(text(output.stdout())).isEqualTo(out);
      }
      if (err != null) {
        assertThat(text(output.stderr())).isEqualTo(err);
      }
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, US_ASCII);
  }

  private static boolean isGone(long pid) {
    return Resources.stat(pid).length == 0;
  }

  private static void awaitCollected(Popen<?> child) {
    await("collected", () -> isGone(child.pid()));
  }

  private void rememberDescriptors() {
    before = Resources.now();
  }

  private void awaitNoDescriptor() {
    await("no descriptor is held", () -> before.more().isEmpty());
  }

  @ParameterizedTest
  @EnumSource
  void heldChildIsCollectedAndLosesNothing(Streams streams) throws Exception {
    rememberDescriptors();
    Popen<byte[]> child = streams.start();
    awaitCollected(child);
    awaitNoDescriptor();
    streams.check(child.communicate());
    assertThat(child.returncode()).isEqualTo(CODE);
  }

  @ParameterizedTest
  @EnumSource
  void codeIsKnownToEveryCallAfterwards(Streams streams) throws Exception {
    for (int way = 0; way < 4; way++) {
      try (Popen<byte[]> child = streams.start()) {
        awaitCollected(child);
        int code =
            switch (way) {
              case 0 -> child.waitFor();
              case 1 -> child.poll().orElseThrow();
              case 2 -> child.onExit().get().returncode();
              default -> {
                assertThat(child.sendSignal(Signal.SIGKILL)).isFalse();
                yield child.poll(Duration.ZERO).orElseThrow();
              }
            };
        assertThat(code).isEqualTo(CODE);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void droppedChildIsCollectedWithoutACollectionOfGarbage(Streams streams) throws Exception {
    rememberDescriptors();
    long pid = streams.start().pid();
    await("collected", () -> isGone(pid));
    awaitNoDescriptor();
  }

  @ParameterizedTest
  @EnumSource
  void childIsCollectedAfterItsLastCall(Streams streams) throws Exception {
    rememberDescriptors();
    Path gate = gate();
    String script = "read x <'" + gate + "'; " + streams.script + "; exit " + CODE;
    Popen<byte[]> child = streams.command(script).start();
    assertThat(child.poll(Duration.ofMillis(1))).isEmpty();
    Files.writeString(gate, "\n");
    awaitCollected(child);
    awaitNoDescriptor();
    streams.check(child.communicate());
    assertThat(child.returncode()).isEqualTo(CODE);
  }

  private Path gate() throws Exception {
    Path gate = Objects.requireNonNull(directory).resolve("gate");
    Command.of("mkfifo", gate.toString()).checkCall();
    return gate;
  }

  /** What a grandchild that has our pipe writes later comes after what the child wrote. */
  @Test
  void pipeOfAGrandchildStaysOpenUntilItHasEnded() throws Exception {
    rememberDescriptors();
    Path gate = gate();
    String script = "echo child; (read x <'" + gate + "'; echo grandchild) & exit " + CODE;
    Popen<byte[]> child = Command.shell(script).stdout(Redirect.PIPE).start();
    awaitCollected(child);
    assertThat(before.more()).isNotEmpty();
    Files.writeString(gate, "\n");
    awaitNoDescriptor();
    assertThat(text(child.communicate().stdout())).isEqualTo("child\ngrandchild\n");
    assertThat(child.returncode()).isEqualTo(CODE);
  }

  @Test
  void outputThatIsLargerThanAPipeWaitsForACall() throws Exception {
    Popen<byte[]> child = Command.of("head", "-c", "" + MUCH, "/dev/zero").captureOutput().start();
    await("the pipe is full", () -> isBlocked(child.pid()));
    assertThat(child.communicate().stdout()).isEqualTo(new byte[MUCH]);
    assertThat(child.returncode()).isZero();
  }

  // It sleeps in a write to a pipe, whatever the kernel calls the function.
  private static boolean isBlocked(long pid) {
    String[] fields = Resources.stat(pid);
    try {
      Path io = Path.of("/proc/" + pid + "/io");
      return fields.length > 0
          && fields[0].equals("S")
          && (!Files.isReadable(io) || Files.readString(io).contains("wchar: 65536\n"));
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void whatAKilledChildHadWrittenIsKept() throws Exception {
    rememberDescriptors();
    Popen<byte[]> child = Command.of("head", "-c", "" + MUCH, "/dev/zero").captureOutput().start();
    await("the pipe is full", () -> isBlocked(child.pid()));
    child.kill();
    awaitCollected(child);
    awaitNoDescriptor();
    assertThat(child.communicate().stdout()).isEqualTo(new byte[64 << 10]);
    assertThat(child.status()).isEqualTo(new ExitStatus.Signaled(Signal.SIGKILL, false));
  }

  @Test
  void largeOutputOfADeadChildIsKeptInPieces() throws Exception {
    notLikeMac("pipes have the size they have");
    rememberDescriptors();
    Popen<byte[]> child =
        Command.of("head", "-c", "" + MUCH, "/dev/zero")
            .captureOutput()
            .posix(options -> options.pipeSize(MUCH))
            .start();
    awaitCollected(child);
    awaitNoDescriptor();
    assertThat(child.communicate().stdout()).isEqualTo(new byte[MUCH]);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 4096, 1 << 20})
  void streamsReadWhatWasKept(int piece) throws Exception {
    rememberDescriptors();
    String script = "seq 10000; seq 5000 >&2";
    Popen<byte[]> child = Command.shell(script).captureOutput().start();
    awaitCollected(child);
    awaitNoDescriptor();
    String out = IntStream.rangeClosed(1, 10000).mapToObj(i -> i + "\n").collect(joining());
    StringBuilder read = new StringBuilder();
    for (int left = 5 * piece; left > 0 && read.length() < out.length(); left -= piece) {
      read.append(new String(child.stdout().readNBytes(piece), US_ASCII));
    }
    Output<byte[]> rest = child.communicate();
    assertThat(read + text(rest.stdout())).isEqualTo(out);
    assertThat(text(rest.stderr())).hasSize(23893).endsWith("5000\n");
  }

  @Test
  void closingOneStreamLeavesWhatWasKeptOfTheOther() throws Exception {
    rememberDescriptors();
    Popen<byte[]> child = Streams.CAPTURED.start();
    awaitCollected(child);
    awaitNoDescriptor();
    child.stdout().close();
    assertThat(child.stderr().readAllBytes()).isEqualTo("err\n".getBytes(US_ASCII));
    child.close();
  }

  @Test
  void inputForADeadChildIsRefused() throws Exception {
    Popen<byte[]> child = Streams.INPUT_LEFT_OPEN.start();
    awaitCollected(child);
    assertThat(child.communicate("x".repeat(100)).stdout()).isEqualTo("out\n".getBytes(US_ASCII));
    Popen<byte[]> other = Streams.INPUT_LEFT_OPEN.start();
    awaitCollected(other);
    assertThatThrownBy(
            () -> {
              other.stdin().write(1);
              other.stdin().flush();
            })
        .isInstanceOf(IOException.class);
    other.communicate();
  }

  @Test
  void unwatchedChildrenThatAreReadMeanwhileLoseNothing() throws Exception {
    List<Popen<byte[]>> children = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      children.add(Command.of("seq", "1", "" + i).captureOutput().start());
    }
    for (int i = 199; i >= 0; i--) {
      String expected = IntStream.rangeClosed(1, i).mapToObj(n -> n + "\n").collect(joining());
      assertThat(text(children.get(i).communicate().stdout())).isEqualTo(expected);
    }
  }

  /** Starts children that nothing refers to, with few descriptors and no collection of garbage. */
  @ParameterizedTest
  @ValueSource(strings = {"dropped", "held", "living"})
  void limitOfDescriptorsCountsNoDeadChild(String what) throws Exception {
    Path result = Objects.requireNonNull(directory).resolve("result");
    assertThat(
            new SubJvm()
                .option("-XX:-MaxFDLimit", "-Xmn200m")
                .run("ulimit -n 128; exec \"$@\"", FewDescriptors.class, result, what))
        .isEqualTo(SubJvm.FINE);
  }

  /** Starts more children than there are descriptors for. */
  static final class FewDescriptors {
    private static final int MANY = 300;

    private FewDescriptors() {}

    public static void main(String[] arguments) throws Exception {
      loadClasses();
      List<Popen<byte[]>> held = new ArrayList<>();
      boolean living = arguments[1].equals("living");
      for (int i = 0; i < MANY; i++) {
        // A living one is ended by nothing but the loss of its stdin.
        Popen<byte[]> child =
            living
                ? Command.of("cat").stdin(Redirect.PIPE).captureOutput().start()
                : Command.of("echo", "" + i).captureOutput().start();
        if (arguments[1].equals("held")) {
          held.add(child);
        }
      }
      for (int i = 0; i < held.size(); i++) {
        String text = new String(held.get(i).communicate().stdout(), US_ASCII);
        if (!text.equals(i + "\n") || held.get(i).returncode() != 0) {
          throw new AssertionError(i + ": " + text);
        }
      }
      SubJvm.report(arguments[0], SubJvm.FINE);
    }
  }

  /**
   * A child takes four descriptors, so that with four limits in a row one leaves none at all. No
   * class can be opened then.
   */
  @ParameterizedTest
  @ValueSource(strings = {"60", "61", "62", "63"})
  void firstChildrenMayReachTheLimitOfDescriptors(String limit) throws Exception {
    Path result = Objects.requireNonNull(directory).resolve("result");
    assertThat(
            new SubJvm()
                .option("-XX:-MaxFDLimit")
                .run("ulimit -n " + limit + "; exec \"$@\"", FirstChildren.class, result))
        .isEqualTo(SubJvm.FINE);
  }

  /** Looks at no exit before the descriptors run out. */
  static final class FirstChildren {
    private FirstChildren() {}

    public static void main(String[] arguments) throws Exception {
      List<Popen<byte[]>> held = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        held.add(Command.of("true").stdin(Redirect.PIPE).captureOutput().start());
      }
      for (Popen<byte[]> child : held) {
        if (child.waitFor() != 0) {
          throw new AssertionError(child.status());
        }
      }
      SubJvm.report(arguments[0], SubJvm.FINE);
    }
  }

  /** The limits, and why there are four, are those of the test above. */
  @ParameterizedTest
  @ValueSource(strings = {"60", "61", "62", "63"})
  void firstFailedStartMayBeAtTheLimitOfDescriptors(String limit) throws Exception {
    Path result = Objects.requireNonNull(directory).resolve("result");
    assertThat(
            new SubJvm()
                .option("-XX:-MaxFDLimit")
                .run("ulimit -n " + limit + "; exec \"$@\"", FirstFailure.class, result))
        .isEqualTo(SubJvm.FINE);
  }

  /** No start fails before the descriptors run out. */
  static final class FirstFailure {
    private FirstFailure() {}

    public static void main(String[] arguments) throws Exception {
      List<String> failures = new ArrayList<>();
      List<Popen<byte[]>> held = new ArrayList<>();
      Command<byte[]> cat = Command.of("cat");
      Path file = Path.of(arguments[0]);
      while (failures.isEmpty()) {
        String failure =
            failure(
                () -> {
                  held.add(cat.stdin(Redirect.PIPE).captureOutput().start());
                  return "";
                });
        if (!failure.isEmpty()) {
          failures.add(failure);
        }
      }
      List<FileInputStream> open = new ArrayList<>();
      try {
        while (true) {
          open.add(new FileInputStream("/dev/null"));
        }
      } catch (IOException e) { // now there is none
        failures.add(failure(() -> cat.stdin(Redirect.DEVNULL).run()));
        failures.add(failure(() -> cat.stdout(Redirect.to(file)).run()));
        failures.add(failure(() -> cat.captureOutput().timeout(Duration.ofHours(1)).run()));
        failures.add(failure(() -> cat.captureOutput().check().run()));
        failures.add(failure(() -> cat.captureOutput().start()));
      }
      for (FileInputStream each : open) {
        each.close();
      }
      for (Popen<byte[]> child : held) {
        child.kill();
        child.close();
      }
      failures.add(failure(() -> Command.of("/no/such/program").captureOutput().run()));
      List<String> expected = new ArrayList<>(Collections.nCopies(6, "EMFILE"));
      expected.add("ENOENT");
      SubJvm.report(
          arguments[0], failures.equals(expected) ? SubJvm.FINE : String.valueOf(failures));
    }

    private static String failure(Callable<?> start) {
      try {
        return String.valueOf(start.call());
      } catch (SpawnException e) {
        return e.errorName();
      } catch (Throwable e) {
        return String.valueOf(e);
      }
    }
  }

  @Test
  void whateverIsUsedFirstWithoutDescriptorsMissesNoClass() throws Exception {
    Path result = Objects.requireNonNull(directory).resolve("result");
    assertThat(
            new SubJvm()
                .option("-XX:-MaxFDLimit")
                .run("ulimit -n 150; exec \"$@\"", FirstUses.class, result))
        .isEqualTo(SubJvm.FINE);
  }

  /** Uses each feature for the first time when no descriptor is left. */
  static final class FirstUses {
    private FirstUses() {}

    public static void main(String[] arguments) throws Exception {
      Command<String> cat = Command.of("cat").text();
      List<Popen<String>> cats = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        cats.add(cat.stdin(Redirect.PIPE).captureOutput().start());
      }
      Path missing = Path.of(arguments[0]).resolve("missing");
      List<Callable<?>> uses =
          List.of(
              () -> cats.get(0).communicate("input"),
              () -> {
                cats.get(1).stdinWriter().append("a line\n").flush();
                return "";
              },
              () -> cats.get(1).within(Duration.ofMillis(1), cats.get(1).stdoutReader()::readLine),
              () -> cats.get(2).awaitLine("no such line"::equals, Duration.ofMillis(1)),
              () -> cats.get(2).stdout().available(),
              () -> cats.get(3).communicateAsync().get(),
              () -> cats.get(4).explain(),
              () -> cats.get(4).killTree(),
              () -> cats.get(5).stop(Duration.ofSeconds(9)),
              () -> cats.get(5).usage(),
              () -> cats.get(6).onExit().cancel(true),
              () -> cats.get(6).communicate(Duration.ofMillis(1)),
              () -> cat.input("input").captureOutput().run(),
              () -> cat.stdout(Redirect.PIPE.limit(1)).onLine((stream, line) -> {}).run(),
              () -> cat.stdout(Redirect.PIPE.tee(missing)).run(),
              () -> cat.captureOutput().runAsync().get(),
              () -> cat.killTree().killOnExit().stdin(Redirect.DEVNULL).start(),
              () -> cat.stdin(Redirect.DEVNULL).startDetached(),
              () -> Pipeline.of(cat, cat).captureOutput().run());
      List<FileInputStream> open = new ArrayList<>();
      List<String> failures = new ArrayList<>();
      try {
        while (true) {
          open.add(new FileInputStream("/dev/null"));
        }
      } catch (IOException e) { // now there is none
        for (int i = 0; i < uses.size(); i++) {
          String failure = linkageError(uses.get(i));
          if (!failure.isEmpty()) {
            failures.add(i + ": " + failure);
          }
        }
      }
      for (FileInputStream each : open) {
        each.close();
      }
      for (Popen<String> child : cats) {
        child.kill();
        child.close();
      }
      SubJvm.report(arguments[0], failures.isEmpty() ? SubJvm.FINE : String.join(", ", failures));
    }

    private static String linkageError(Callable<?> use) {
      Throwable thrown = null;
      try {
        use.call();
      } catch (Throwable e) { // most fail for lack of a descriptor
        thrown = e;
      }
      for (; thrown != null; thrown = thrown.getCause()) {
        if (thrown instanceof LinkageError) {
          return thrown.toString();
        }
        String _ = thrown.getMessage(); // made when it is read
      }
      return "";
    }
  }

  @Test
  void firstChildrenMayEndAtTheLimitOfDescriptors() throws Exception {
    Path result = Objects.requireNonNull(directory).resolve("result");
    assertThat(
            new SubJvm()
                .option("-XX:-MaxFDLimit")
                .run("ulimit -n 100; exec \"$@\"", FirstEnds.class, result))
        .isEqualTo(SubJvm.FINE);
  }

  /** Waits for no child before the descriptors run out. */
  static final class FirstEnds {
    private FirstEnds() {}

    public static void main(String[] arguments) throws Exception {
      List<Popen<byte[]>> cats = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        cats.add(Command.of("cat").stdin(Redirect.PIPE).captureOutput().start());
      }
      List<FileInputStream> open = new ArrayList<>();
      try {
        while (true) {
          open.add(new FileInputStream("/dev/null"));
        }
      } catch (IOException e) {
        endAll(cats);
      }
      for (FileInputStream each : open) {
        each.close();
      }
      SubJvm.report(arguments[0], SubJvm.FINE);
    }

    private static void endAll(List<Popen<byte[]>> cats) throws Exception {
      boolean timedOut = false;
      try {
        cats.getFirst().waitFor(Duration.ofMillis(20));
      } catch (TimeoutExpiredException e) {
        timedOut = e.limit() == TimeoutExpiredException.Limit.TOTAL;
      }
      cats.get(0).close();
      cats.get(1).kill();
      cats.get(2).terminate();
      Output<byte[]> output = cats.get(3).communicate();
      boolean fine =
          timedOut
              && cats.get(1).waitFor() == -9
              && cats.get(2).waitFor() == -15
              && output.stdout().length == 0
              && cats.get(4).poll().isEmpty();
      for (Popen<byte[]> cat : cats) {
        cat.close();
      }
      if (!fine) {
        throw new AssertionError(String.valueOf(cats));
      }
    }
  }

  @Test
  void inputFileIsOpenedAtTheLimitOfDescriptors() throws Exception {
    Path result = Objects.requireNonNull(directory).resolve("result");
    assertThat(
            new SubJvm()
                .option("-XX:-MaxFDLimit")
                .run("ulimit -n 128; exec \"$@\"", FewForFiles.class, result))
        .isEqualTo(SubJvm.FINE);
  }

  /** Opens input where dead children hold all descriptors. */
  static final class FewForFiles {
    private FewForFiles() {}

    public static void main(String[] arguments) throws Exception {
      loadClasses();
      Path file = Path.of(arguments[0] + ".in");
      Files.writeString(file, "content");
      Command<byte[]> cat = Command.of("cat").captureOutput();
      check(cat.input(Input.file(file)).checkOutput());
      Popen<byte[]> early = cat.stdin(Redirect.PIPE).start();
      Popen<byte[]> other = Command.of("cat").stdin(Redirect.PIPE).captureOutput().start();
      List<FileInputStream> files = fill();
      other.kill();
      check(early.communicate(Input.file(file)).stdout());
      for (FileInputStream one : files) {
        one.close();
      }
      SubJvm.report(arguments[0], SubJvm.FINE);
      other.close();
    }

    // Takes all descriptors that are free.
    private static List<FileInputStream> fill() {
      List<FileInputStream> files = new ArrayList<>();
      while (true) {
        try {
          files.add(new FileInputStream("/dev/null"));
        } catch (IOException e) {
          return files;
        }
      }
    }

    private static void check(byte[] bytes) {
      if (!text(bytes).equals("content")) {
        throw new AssertionError(text(bytes));
      }
    }
  }

  /** Has every class loaded that needs a descriptor to be opened. */
  private static void loadClasses() throws Exception {
    Popen<byte[]> dead = Command.of("echo", "x").stdin(Redirect.PIPE).captureOutput().start();
    awaitCollected(dead);
    dead.communicate();
    Popen<byte[]> killed = Command.of("cat").stdin(Redirect.PIPE).start();
    killed.kill();
    killed.close();
    long pid = Command.of("cat").stdin(Redirect.PIPE).captureOutput().start().pid();
    await(
        "a dropped child is closed",
        () -> {
          System.gc();
          return isGone(pid);
        });
  }

  @Test
  void threeThousandDroppedChildrenLeaveNoZombie() throws Exception {
    Path result = Objects.requireNonNull(directory).resolve("result");
    assertThat(new SubJvm().option("-Xmn200m").run("exec \"$@\"", Dropped.class, result))
        .isEqualTo(SubJvm.FINE);
  }

  /** Starts many children, and waits for none. */
  static final class Dropped {
    private Dropped() {}

    public static void main(String[] arguments) throws Exception {
      Command.of("true").captureOutput().run();
      int before = Resources.descriptors().size();
      for (int i = 0; i < 3000; i++) {
        Popen<byte[]> _ = Command.of("true").captureOutput().start();
      }
      await(
          "all are collected",
          () -> Resources.children().isEmpty() && Resources.descriptors().size() <= before);
      SubJvm.report(arguments[0], SubJvm.FINE);
    }
  }

  /** At the limit for a moment: another thread collects a child before this one looks. */
  private static final class OnceAtLimit extends ForwardingPosix {
    private final AtomicReference<@Nullable Runnable> meanwhile = new AtomicReference<>();

    OnceAtLimit() {
      super(HOST);
    }

    @Override
    public int spawn(
        MemorySegment pid,
        MemorySegment path,
        MemorySegment actions,
        MemorySegment attributes,
        MemorySegment argv,
        MemorySegment envp) {
      Runnable happens = meanwhile.getAndSet(null);
      if (happens == null) {
        return super.spawn(pid, path, actions, attributes, argv, envp);
      }
      happens.run();
      return -constants().EMFILE();
    }
  }

  @Test
  void whatAnotherThreadHasJustGivenBackIsWorthAnotherTry() throws Exception {
    OnceAtLimit once = new OnceAtLimit();
    PosixPlatform host = new PosixPlatform(once, Settings.ofSystemProperties());
    boolean _ = host.giveBack(); // so that no garbage is collected below
    for (int i = 0; i < 3; i++) {
      StepDriver old = start(host, SpawnRequests.of("sleep", "100").noStreams());
      old.child().unattended();
      once.meanwhile.set(
          () -> {
            try {
              old.child().signal(HOST.constants().SIGKILL());
            } catch (IOException e) {
              throw new AssertionError(e);
            }
            await("collected", () -> isGone(old.child().pid()));
          });
      assertThat(start(host, SpawnRequests.of(TRUE)).text()).isEmpty();
      assertThat(once.meanwhile).hasNullValue();
    }
  }
}
