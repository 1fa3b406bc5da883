package io.github.jpopen.contract;

import static io.github.jpopen.Redirect.PIPE;
import static io.github.jpopen.Redirect.STDOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.jpopen.CalledProcessException;
import io.github.jpopen.Command;
import io.github.jpopen.CompletedPipeline;
import io.github.jpopen.ExitStatus.Exited;
import io.github.jpopen.Input;
import io.github.jpopen.Pipeline;
import io.github.jpopen.Redirect;
import io.github.jpopen.RunningPipeline;
import io.github.jpopen.SpawnException;
import io.github.jpopen.SubprocessException;
import io.github.jpopen.TimeoutExpiredException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that read what the one before them writes, in pipes of the system. */
public abstract class PipelineContract extends ContractTest {
  /** More than all pipes of a pipeline hold. */
  private static final int MUCH = 16 << 20;

  private static final int MORE_THAN_A_PIPE = 1 << 20;

  private static Command<byte[]> catting() {
    return child(cat());
  }

  private static Pipeline<byte[]> threeCats() {
    return Pipeline.of(catting(), catting(), catting());
  }

  // Bytes.

  @Test
  @Covers("Replacing shell pipeline")
  void eachStageReadsWhatTheOneBeforeItWrites() throws Exception {
    Pipeline<String> three = Pipeline.of(child(out("b\n")), catting(), catting()).text();
    CompletedPipeline<String> done = three.stdout(PIPE).run();
    assertThat(done.stdout()).isEqualTo("b\n");
    assertThat(done.statuses()).containsOnly(new Exited(0)).hasSize(3);
    assertThat(done.hasStderr()).isFalse();
  }

  @Test
  void inputOfManyMebibytesArrivesUnchanged() throws Exception {
    byte[] input = Pattern.bytes(MUCH, 1);
    byte[] output = threeCats().input(input).checkOutput();
    assertThat(Pattern.sha256(output)).isEqualTo(Pattern.sha256(input));
  }

  @Test
  void checkOutputKeepsTheBoundOfTheLastStage() throws Exception {
    Pipeline<String> pipeline = threeCats().text().input("abcd");
    assertThat(pipeline.stdout(PIPE.tail(2)).checkOutput()).isEqualTo("cd");
  }

  @Test
  void filesAtBothEnds() throws Exception {
    Path from = file("from", "some text");
    Path to = file("to");
    threeCats().stdin(Redirect.from(from)).stdout(Redirect.to(to)).checkCall();
    assertThat(Files.readString(to)).isEqualTo("some text");
  }

  @Test
  void oneStageIsAsItsCommand() throws Exception {
    CompletedPipeline<String> done =
        Pipeline.of(child(cat(), err("e"), exit(3))).text().input("x").captureOutput().run();
    assertThat(done.stdout() + done.stderr() + done.stderr(0)).isEqualTo("xee");
    assertThat(done.returncode()).isEqualTo(3);
  }

  @Test
  void outputInNativeMemory() throws Exception {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment output = threeCats().input("x").offHeap(arena).checkOutput();
      assertThat(output.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(utf8("x"));
    }
  }

  @Test
  void inputThatTheLastStageDoesNotRead() throws Exception {
    CompletedPipeline<byte[]> done =
        Pipeline.of(catting(), catting(), child(closeIn(), out("x")))
            .input(Pattern.bytes(MUCH, 1))
            .stdout(PIPE)
            .run();
    assertThat(done.stdout()).isEqualTo(utf8("x"));
    assertThat(done.status(2)).isEqualTo(new Exited(0));
  }

  @Test
  void errorsOfEachStageApart() throws Exception {
    CompletedPipeline<byte[]> done = flooding().captureOutput().run();
    for (int stage = 0; stage < 3; stage++) {
      assertThat(done.stderr(stage)).as("stage %d", stage).hasSize(MORE_THAN_A_PIPE);
    }
    assertThat(done.stderr()).hasSize(3 * MORE_THAN_A_PIPE);
    assertThat(done.stdout()).hasSize(MORE_THAN_A_PIPE);
  }

  @Test
  void errorsOfAllStagesTogether() throws Exception {
    CompletedPipeline<byte[]> done = flooding().captureOutput().stderrTogether().run();
    assertThat(done.stderr()).hasSize(3 * MORE_THAN_A_PIPE);
    assertThat(done.stdout()).hasSize(MORE_THAN_A_PIPE);
    Assertions.assertThatIllegalStateException().isThrownBy(() -> done.stderr(1));
  }

  /** Each stage writes more to stderr than a pipe holds; the last one to stdout as well. */
  private static Pipeline<byte[]> flooding() {
    Command<byte[]> next = child(awaitEof(), flood(MORE_THAN_A_PIPE));
    return Pipeline.of(child(flood(MORE_THAN_A_PIPE)), next, next);
  }

  @Test
  void errorsInTheOrderOfWriting() throws Exception {
    Path first = file("first");
    Path second = file("second");
    Pipeline<String> pipeline =
        Pipeline.of(
                child(err("1"), touch(first), awaitFile(second), err("3")),
                child(awaitFile(first), err("2"), touch(second), awaitEof()))
            .text();
    assertThat(pipeline.stderrTogether().run().stderr()).isEqualTo("123");
  }

  @Test
  void outputOfTheLastStageGoesWhereItsErrorsGo() throws Exception {
    Pipeline<String> two = Pipeline.of(child(err("1"), out("o")), child(cat(), err("2"))).text();
    Pipeline<String> pipeline = two.stdout(Redirect.STDERR);
    CompletedPipeline<String> apart = pipeline.stderr(PIPE).run();
    assertThat(apart.hasStdout()).isFalse();
    assertThat(apart.stderr(0)).isEqualTo("1");
    assertThat(apart.stderr(1)).isEqualTo("o2");
    assertThat(pipeline.stderrTogether().run().stderr()).isEqualTo("1o2");
    Path log = file("log");
    assertThat(pipeline.stderr(Redirect.appendTo(log)).run().returncode()).isZero();
    assertThat(log).hasContent("1o2");
    Assertions.assertThatIllegalArgumentException()
        .isThrownBy(() -> Pipeline.of(catting().stdout(Redirect.STDERR), catting()))
        .withMessageContaining("redirects stdout, which is the pipe to the stage after it");
    Assertions.assertThatIllegalArgumentException()
        .isThrownBy(() -> two.stderr(Redirect.STDERR))
        .withMessage("STDERR is only for stdout: use PIPE, or to(file)");
  }

  @Test
  void stageKeepsItsOwnStderr() throws Exception {
    Path errors = file("errors");
    CompletedPipeline<String> done =
        Pipeline.of(
                child(err("a")).stderr(Redirect.to(errors)),
                child(awaitEof(), err("b")),
                child(awaitEof(), err("c")).stderr(PIPE))
            .text()
            .stderrTogether()
            .run();
    assertThat(Files.readString(errors)).isEqualTo("a");
    assertThat(done.stderr()).isEqualTo("b");
    assertThat(done.stderr(2)).isEqualTo("c");
  }

  @Test
  void bothOutputsGoToTheNextStage() throws Exception {
    Pipeline<String> pipeline =
        Pipeline.of(child(out("o"), err("e")).stderr(STDOUT), catting()).text();
    assertThat(pipeline.checkOutput()).isEqualTo("oe");
  }

  // The outcome.

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void stageThatFailsDecides(int failing) throws Exception {
    Command<?>[] stages = {catting(), catting(), catting()};
    stages[failing] = child(awaitEof(), err("bad"), exit(3));
    Pipeline<String> pipeline =
        Pipeline.of(List.of(stages)).text().stdin(Redirect.DEVNULL).captureOutput();
    CompletedPipeline<String> done = pipeline.run();
    assertThat(done.returncode()).isEqualTo(3);
    assertThat(done.failedStage()).hasValue(failing);
    assertThat(done.stderr(failing)).isEqualTo("bad");
    assertThat(pipeline.check(0, 3).run().returncodes()).contains(3);
    assertThatExceptionOfType(CalledProcessException.class)
        .isThrownBy(pipeline::checkCall)
        .withMessageContaining("(stage " + (failing + 1) + " of 3) returned exit status 3")
        .satisfies(
            e -> {
              assertThat(e.args()).isEqualTo(stages[failing].argv());
              assertThat(e.stderr().text()).isEqualTo("bad");
              assertThat(e.stages().get(failing).status()).contains(new Exited(3));
            });
  }

  @Test
  void lastStageThatFailedDecides() throws Exception {
    CompletedPipeline<byte[]> done =
        Pipeline.of(child(exit(1)), child(awaitEof(), exit(2)), child(awaitEof())).run();
    assertThat(done.returncodes()).containsExactly(1, 2, 0);
    assertThat(done.returncode()).isEqualTo(2);
  }

  @Test
  @PosixOnly("Windows has no SIGPIPE")
  @Covers("Replacing shell pipeline")
  void stageWhoseReaderHasEndedDoesNotFail() throws Exception {
    Pipeline<String> first = Pipeline.of(Command.of("yes"), Command.of("head", "-1")).text();
    assertThat(first.checkOutput()).isEqualTo("y\n");
    CompletedPipeline<String> done = first.stdout(PIPE).run();
    assertThat(done.returncodes()).containsExactly(-13, 0);
    assertThat(done.returncode()).isZero();
    assertThat(done.failedStage()).isEmpty();
    assertThat(first.stdout(PIPE).failOnSigpipe().call()).isEqualTo(-13);
    assertThatExceptionOfType(CalledProcessException.class)
        .isThrownBy(() -> first.failOnSigpipe().checkOutput())
        .withMessage("command \"yes\" (stage 1 of 2) was killed by SIGPIPE (13)")
        .matches(e -> e.stdout().text().equals("y\n"));
  }

  @Test
  @PosixOnly("Windows has no SIGPIPE")
  void failureOfTheReaderDecides() throws Exception {
    Pipeline<byte[]> pipeline = Pipeline.of(Command.of("yes"), Command.shell("exit 4"));
    assertThat(pipeline.call()).isEqualTo(4);
    Pipeline<byte[]> killed = Pipeline.of(Command.of("true"), Command.shell("kill -PIPE $$"));
    assertThat(killed.call()).as("SIGPIPE of the last stage").isEqualTo(-13);
  }

  // Starting.

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void stageThatCannotStartLeavesNothing(int missing) {
    Command<?>[] stages = {child(live()), child(live()), child(live())};
    stages[missing] = Command.of("no-such-program");
    Pipeline<byte[]> pipeline = Pipeline.of(List.of(stages)).captureOutput().input("x");
    for (int i = 0; i < 3; i++) {
      assertThatExceptionOfType(SpawnException.class)
          .isThrownBy(pipeline::run)
          .withMessageStartingWith("stage " + (missing + 1) + " of 3: ")
          .withMessageContaining("no-such-program")
          .matches(e -> e.args().equals(List.of("no-such-program")));
      assertThatExceptionOfType(SpawnException.class)
          .isThrownBy(() -> Pipeline.of(List.of(stages)).start());
    }
  }

  @Test
  @PosixOnly("uses many tools")
  void manyPipelinesLeaveNothing() throws Exception {
    int many = Integer.getInteger("io.github.jpopen.pipelines", 40);
    Pipeline<byte[]> pipeline =
        Pipeline.of(Command.of("echo", "x"), Command.of("cat"), Command.of("cat")).captureOutput();
    for (int i = 0; i < many; i++) {
      assertThat(pipeline.run().stdout()).isEqualTo(utf8("x\n"));
    }
  }

  @Test
  @PosixOnly("uses many tools")
  void childrenOfOtherThreadsDoNotHoldThePipes() throws Exception {
    List<Process> others = Collections.synchronizedList(new ArrayList<>());
    Background<?> spawner =
        Background.start(
            () -> {
              for (int i = 0; i < 20; i++) {
                others.add(new ProcessBuilder("sleep", "100").start());
                start(Command.of("sleep", "100"));
              }
              return others;
            });
    try {
      Pipeline<String> pipeline =
          Pipeline.of(Command.of("echo", "x"), Command.of("cat"), Command.of("cat")).text();
      for (int i = 0; i < 10 || !spawner.isDone(); i++) {
        assertThat(pipeline.timeout(LONG.dividedBy(2)).checkOutput()).isEqualTo("x\n");
      }
      assertThat(spawner.result()).isSameAs(others);
    } finally {
      for (Process other : others) {
        other.destroyForcibly().waitFor();
      }
    }
  }

  // Limits, and the end.

  @Test
  void timeoutEndsAllStages() {
    Pipeline<String> pipeline =
        Pipeline.of(child(out("o"), out("p"), live()), catting(), child(cat(), err("e")))
            .text()
            .captureOutput()
            .named("endless");
    TimeoutExpiredException e = timedOut(() -> pipeline.timeout(SHORT).run());
    assertThat(e)
        .hasMessageStartingWith("pipeline \"endless\" timed out after 0.1 seconds: stages 1 (")
        .hasMessageContaining("had not ended");
    assertThat(e.stages()).hasSize(3).allMatch(stage -> stage.status().isPresent());
  }

  @Test
  void timeoutHoldsWhatHasCome() throws Exception {
    try (RunningPipeline<String> p =
        Pipeline.of(child(out("some"), live()), catting(), catting()).text().stdout(PIPE).start()) {
      Eventually.await(
          "the bytes come",
          () -> timedOut(() -> p.communicate(SHORT)).stdout().text().equals("some"));
      p.kill();
      assertThat(p.communicate().stdout()).isEqualTo("some");
    }
  }

  private static RunningPipeline<String> echoing() throws IOException {
    return threeCats().text().stdin(PIPE).stdout(PIPE).killOnClose().start();
  }

  @Test
  void conversationGoesOnAfterATimeout() throws Exception {
    byte[] input = Pattern.bytes(MUCH, 1);
    Path gate = gate("gate");
    try (RunningPipeline<byte[]> p =
        Pipeline.of(catting(), child(awaitFile(gate), cat()), child(cat(), err("e")))
            .stdin(PIPE)
            .captureOutput()
            .start()) {
      TimeoutExpiredException e = timedOut(() -> p.communicate(input, SHORT));
      assertThat(e.bytesSent()).isLessThan(MUCH);
      assertThat(e.stages()).noneMatch(stage -> stage.status().isPresent());
      assertThat(p.isAlive()).isTrue();
      open(gate);
      CompletedPipeline<byte[]> done = p.communicate();
      assertThat(Pattern.sha256(done.stdout())).isEqualTo(Pattern.sha256(input));
      assertThat(done.stderr(2)).isEqualTo(utf8("e"));
      assertThat(p.communicate()).as("again").isSameAs(done);
      assertThat(p.isAlive()).isFalse();
    }
  }

  @Test
  void interruptEndsAllStages() throws Exception {
    Path ready = file("ready");
    Pipeline<byte[]> pipeline =
        Pipeline.of(child(touch(ready), live()), catting(), catting()).captureOutput();
    Background<CompletedPipeline<byte[]>> run = Background.start(pipeline::run);
    await(ready);
    run.interrupt();
    assertThat(run.failure()).isInstanceOf(InterruptedException.class);
  }

  @Test
  void interruptOfCommunicateLosesNothing() throws Exception {
    Path ready = file("ready");
    Path gate = gate("gate");
    try (RunningPipeline<String> p =
        Pipeline.of(child(touch(ready), out("a"), awaitFile(gate), cat()), catting())
            .text()
            .stdin(PIPE)
            .captureOutput()
            .start()) {
      Background<?> call = Background.start(() -> p.communicate("b"));
      await(ready);
      call.interrupt();
      assertThat(call.failure()).isInstanceOf(InterruptedException.class);
      open(gate);
      assertThat(p.communicate().stdout()).isEqualTo("ab");
    }
  }

  @Test
  void cancelEndsAllStages() throws Exception {
    Path ready = file("ready");
    CompletableFuture<CompletedPipeline<byte[]>> future =
        Pipeline.of(child(touch(ready), live()), catting(), catting()).captureOutput().runAsync();
    await(ready);
    assertThat(future.cancel(true)).isTrue();
  }

  @Test
  void futureCompletes() throws Exception {
    assertThat(threeCats().text().input("x").stdout(PIPE).runAsync().get().stdout()).isEqualTo("x");
    CompletableFuture<?> failed =
        Pipeline.of(child(exit(3)), catting()).check().stdout(PIPE).runAsync();
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(failed::get)
        .withCauseInstanceOf(CalledProcessException.class);
  }

  @Test
  void failureOfTheInputEndsAllStages() {
    Input broken = Input.stream(new BrokenSource(new IOException("broken")));
    Assertions.assertThatIOException()
        .isThrownBy(() -> threeCats().input(broken).captureOutput().run())
        .withMessageContaining("broken");
  }

  @Test
  void outputThatIsNoTextIsReportedWithAllOfIt() {
    assertThatExceptionOfType(SubprocessException.class)
        .isThrownBy(() -> Pipeline.of(child(out(new byte[] {-1})), catting()).text().checkOutput())
        .matches(e -> e.stdout().size() == 1)
        .matches(e -> e.stages().size() == 2);
  }

  @Test
  @PosixOnly("needs signals that a child handles")
  void allStagesShareOneGrace() {
    Command<byte[]> polite =
        Command.shell("trap 'echo bye >&2; exit 7' TERM; echo up; while :; do sleep 0.05; done");
    Command<byte[]> stubborn = Command.shell("trap '' TERM; cat; while :; do sleep 0.05; done");
    Duration grace = Duration.ofMillis(700);
    long start = System.nanoTime();
    TimeoutExpiredException e =
        timedOut(
            () ->
                Pipeline.of(polite, stubborn, stubborn)
                    .text()
                    .captureOutput()
                    .timeout(Duration.ofMillis(300))
                    .grace(grace)
                    .run());
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(grace);
    assertThat(e.stages().get(0).status()).contains(new Exited(7));
    assertThat(e.stages().get(0).stderr().text()).isEqualTo("bye\n");
    assertThat(e.stages().get(2).ending().map(Object::toString))
        .isEqualTo(Optional.of("TIMEOUT: SIGTERM, SIGKILL"));
    assertThat(e.stdout().text()).isEqualTo("up\n");
  }

  @Test
  @PosixOnly("uses sh")
  void killTreeReachesWhatTheStagesHaveStarted() throws Exception {
    Command<byte[]> parent = Command.shell("sleep 60 & echo $!; wait");
    Pipeline<String> pipeline = Pipeline.of(parent, Command.of("cat")).text().stdout(PIPE);
    String started;
    try (RunningPipeline<String> p = pipeline.killTree().killOnClose().start()) {
      started = p.stdoutReader().readLine();
    }
    awaitDeath(Long.parseLong(started));
  }

  @Test
  void drainGivesUpTheOutputOfAGrandchild() throws Exception {
    CompletedPipeline<String> done =
        Pipeline.of(child(out("x")), child(starting(awaitFile(gate("end"))), cat()))
            .text()
            .captureOutput()
            .drain(SHORT)
            .run();
    assertThat(done.stdout()).isEqualTo("x");
    assertThat(done.isComplete()).isFalse();
    assertThat(done.returncode()).isZero();
  }

  // While it runs.

  @Test
  void dialogueThroughAllStages() throws Exception {
    try (RunningPipeline<String> p = echoing()) {
      for (int i = 0; i < 3; i++) {
        p.stdinWriter().write("line " + i + "\n");
        p.stdinWriter().flush();
        assertThat(p.stdoutReader().readLine()).isEqualTo("line " + i);
      }
      assertThat(p.poll()).isEmpty();
      p.stdin().close();
      assertThat(p.stdoutReader().readLine()).isNull();
      assertThat(p.waitFor()).isZero();
      assertThat(p.poll()).hasValue(0);
      assertThat(p.pids()).hasSize(3).doesNotHaveDuplicates();
    }
  }

  @Test
  void outputThatWasClosedEarlyIsIncomplete() throws Exception {
    try (RunningPipeline<String> p = echoing()) {
      p.stdout().close();
      assertThat(p.communicate().isComplete()).isFalse();
    }
  }

  @Test
  void waitForIsTimed() throws Exception {
    try (RunningPipeline<String> p = echoing()) {
      assertThat(timedOut(() -> p.waitFor(SHORT)).stages()).hasSize(3);
      assertThat(p.poll(SHORT)).isEmpty();
      CompletableFuture<RunningPipeline<String>> exit = p.onExit();
      assertThat(exit).isNotDone();
      assertThat(p.kill()).isTrue();
      assertThat(exit.get()).isSameAs(p);
      assertThat(p.waitFor(LONG)).isEqualTo(p.returncode());
      assertThat(p.kill()).isFalse();
    }
  }

  @Test
  void stopEndsAllStages() throws Exception {
    try (RunningPipeline<String> p = echoing()) {
      assertThat(p.stop(Duration.ofSeconds(5)).isSuccess()).isFalse();
      assertThat(p.statuses()).hasSize(3);
    }
  }

  @Test
  void closeEndsAPipelineThatIsNotRead() throws Exception {
    RunningPipeline<byte[]> p =
        Pipeline.of(child(flood(MORE_THAN_A_PIPE)), catting(), catting())
            .captureOutput()
            .stdin(PIPE)
            .start();
    p.close();
    p.close();
    assertThat(p.statuses()).hasSize(3);
  }

  @Test
  void closeKillsAfterATimeout() throws Exception {
    Command<byte[]> living = child(live());
    List<Long> pids;
    try (RunningPipeline<byte[]> p = Pipeline.of(living, living).stdout(PIPE).start()) {
      pids = p.pids();
      timedOut(() -> p.communicate(SHORT));
    }
    pids.forEach(ContractTest::awaitDeath);
  }

  @Test
  void inputIsFixedByTheFirstCall() throws Exception {
    try (RunningPipeline<String> p = echoing()) {
      Background<?> first = Background.start(() -> p.communicate("x"));
      assertThat(first.result()).isInstanceOf(CompletedPipeline.class);
      Assertions.assertThatIllegalStateException()
          .isThrownBy(() -> p.communicate("y"))
          .withMessageContaining("fixed the input");
      assertThat(p.communicate().stdout()).isEqualTo("x");
    }
  }
}
