package io.github.jpopen.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.jpopen.contract.Descendants;
import io.github.jpopen.seam.SpawnRequests;
import io.github.jpopen.seam.StepDriver;
import io.github.jpopen.spi.Deadline;
import io.github.jpopen.spi.GarbageWatch;
import io.github.jpopen.spi.SpawnRefused;
import io.github.jpopen.spi.SpawnRefused.Culprit;
import io.github.jpopen.spi.Termination.Exited;
import io.github.jpopen.windows.win32.Win32Errors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A child in a job object is killed with all that it has started. */
@EnabledOnOs(OS.WINDOWS)
class JobTest extends Win32Test {
  private static final int CREATE_SUSPENDED = 4;
  private static final int ROUNDS = 30;

  /** Starts one process after the other, and does not wait for them. */
  private static final String FORKS = "for /l %i in (0,0,1) do @start /b cmd.exe /c exit";

  @TempDir Path temp = Path.of("");

  /** How the process gets into its job. */
  enum Way {
    /** As Windows does it. */
    LIST,
    /** Its list takes no job. */
    REFUSED_LIST,
    /** CreateProcessW takes no list with a job. */
    REFUSED_START,
    /** The job may not be nested in the one of this process. */
    REFUSED_NESTING;

    void prepare(Faults faults) {
      switch (this) {
        case LIST -> {}
        case REFUSED_LIST -> faults.fail("attributeList", 1, Win32Errors.NOT_SUPPORTED);
        case REFUSED_START -> faults.fail("createProcess", 1, Win32Errors.INVALID_PARAMETER);
        case REFUSED_NESTING -> faults.fail("createProcess", 1, Win32Errors.ACCESS_DENIED);
      }
    }
  }

  /** The calls of the second way are made only if the list takes no job. */
  private void refuseListFor(String call) {
    if (call.equals("assignToJob") || call.equals("resumeThread")) {
      faults.fail("attributeList", 1, Win32Errors.NOT_SUPPORTED);
    }
  }

  private void assertNothingIsLeft() {
    assertThat(faults.open()).isEmpty();
    await("no process is alive", () -> !faults.anyAlive());
  }

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(20));
  }

  /** Waits for its input, and so does the process that it starts. */
  private static SpawnRequests family() {
    return SpawnRequests.shell("cmd.exe /c \"set /p x=ready\"");
  }

  private static ProcessHandle grandchildOf(StepDriver driver) throws Exception {
    ProcessHandle child = ProcessHandle.of(driver.child().pid()).orElseThrow();
    while (driver.stdout().isEmpty()) {
      driver.step(Duration.ofSeconds(20));
    }
    return Descendants.awaitOne(child);
  }

  @ParameterizedTest
  @EnumSource
  void allAreKilled(Way way) throws Exception {
    way.prepare(faults);
    StepDriver driver = start(family().tree()).idleInput();
    ProcessHandle grandchild = grandchildOf(driver);
    assertThat(driver.child().awaitTree(Deadline.now())).isFalse();
    assertThat(driver.child().killTree(soon())).isEmpty();
    assertThat(grandchild.isAlive()).isFalse();
    assertThat(driver.child().awaitTree(Deadline.now())).isTrue();
    assertThat(driver.closesInput().text()).startsWith("ready");
    assertThat(driver.status()).isEqualTo(new Exited(1));
    assertThat(driver.child().killTree(soon())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatTheChildHasLeftIsKilled(boolean closed) throws Exception {
    StepDriver driver = start(family().tree()).idleInput();
    ProcessHandle grandchild = grandchildOf(driver);
    driver.child().signal(9);
    while (driver.status() == null) {
      driver.step(Duration.ofSeconds(20));
    }
    assertThat(grandchild.isAlive()).isTrue();
    if (closed) {
      driver.close();
      assertThat(faults.openOf("createJob")).isOne();
    }
    assertThat(driver.child().killTree(soon())).isEmpty();
    assertThat(grandchild.isAlive()).isFalse();
    assertThat(faults.openOf("createJob")).isZero();
  }

  @Test
  void jobIsClosedWhenNoProcessIsLeft() throws Exception {
    StepDriver driver = start(SpawnRequests.shell("exit 3").tree());
    assertThat(driver.closesInput().text()).isEmpty();
    assertThat(driver.status()).isEqualTo(new Exited(3));
    await("the job is closed", () -> faults.openOf("createJob") == 0);
    assertThat(driver.child().killTree(soon())).isEmpty();
  }

  @Test
  void suspendedChildStaysSuspended() throws Exception {
    faults.fail("attributeList", 1, Win32Errors.NOT_SUPPORTED);
    StepDriver driver = start(SpawnRequests.shell("exit 3").creationFlags(CREATE_SUSPENDED).tree());
    assertThat(faults.calls("resumeThread")).isZero();
    assertThat(driver.child().killTree(soon())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"assignToJob", "resumeThread", "createJob"})
  void refusalLeavesNothing(String call) throws Exception {
    refuseListFor(call);
    faults.fail(call, 1, Win32Errors.ACCESS_DENIED);
    assertThatExceptionOfType(SpawnRefused.class).isThrownBy(() -> start(family().tree()));
    assertNothingIsLeft();
  }

  @Test
  void refusedProgramFailsTheSameWayWithoutAJobInTheList() {
    faults.failAlways("createProcess", Win32Errors.ACCESS_DENIED);
    assertThatExceptionOfType(SpawnRefused.class)
        .isThrownBy(() -> start(family().tree()))
        .returns("CreateProcessW", SpawnRefused::call)
        .returns(Win32Errors.ACCESS_DENIED, SpawnRefused::errorCode)
        .returns(Culprit.PROGRAM, SpawnRefused::culprit);
    assertThat(faults.calls("createProcess")).isEqualTo(2);
    assertNothingIsLeft();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"createJob", "attributeList", "createProcess", "assignToJob", "resumeThread"})
  void noMemoryLeavesNothing(String call) {
    refuseListFor(call);
    faults.throwError(call, 1);
    assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> start(family().tree()));
    assertNothingIsLeft();
  }

  /** With {@code killOnExit} alone the hook at the JVM's end works without a job. */
  @ParameterizedTest
  @ValueSource(strings = {"createJob", "limitJob", "assignToJob"})
  void refusedJobIsToleratedWithoutATree(String call) throws Exception {
    refuseListFor(call);
    faults.fail(call, 1, Win32Errors.ACCESS_DENIED);
    StepDriver driver = start(SpawnRequests.shell("exit 3").endsWithUs());
    assertThat(driver.closesInput().text()).isEmpty();
    assertThat(driver.status()).isEqualTo(new Exited(3));
    await("the job is closed", () -> faults.openOf("createJob") == 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"createJob", "limitJob", "assignToJob"})
  void noMemoryForAJobWithoutATreeLeavesNothing(String call) {
    refuseListFor(call);
    faults.throwError(call, 1);
    assertThatExceptionOfType(OutOfMemoryError.class)
        .isThrownBy(() -> start(family().endsWithUs()));
    assertNothingIsLeft();
  }

  private void failOnce(String call, int occurrence, boolean thrown) {
    if (thrown) {
      faults.throwError(call, occurrence);
    } else {
      faults.fail(call, occurrence, Win32Errors.ACCESS_DENIED);
    }
  }

  @ParameterizedTest
  @CsvSource({"false, false", "false, true", "true, false", "true, true"})
  void limitIsRemovedWhenTheChildHasEnded(boolean firstThrown, boolean secondThrown)
      throws Exception {
    failOnce("limitJob", 2, firstThrown);
    failOnce("limitJob", 3, secondThrown);
    StepDriver driver = start(SpawnRequests.shell("exit 3").endsWithUs());
    assertThat(driver.closesInput().text()).isEmpty();
    assertThat(driver.status()).isEqualTo(new Exited(3));
    assertThat(faults.openOf("createJob")).isZero();
    assertThat(faults.calls("limitJob")).isEqualTo(4);
  }

  /** A child with {@code killOnExit} that was closed while its limit could not be removed. */
  private ProcessHandle closedButLimited(boolean thrown) throws Exception {
    SpawnRequests request =
        SpawnRequests.child("AWAIT_FILE", file("asked"), "TOUCH", file("answered"), "LIVE")
            .noStreams()
            .endsWithUs();
    StepDriver driver = new StepDriver(platform, request.build());
    ProcessHandle child = ProcessHandle.of(driver.child().pid()).orElseThrow();
    if (thrown) {
      faults.throwErrorAlways("limitJob");
    } else {
      faults.failAlways("limitJob", Win32Errors.ACCESS_DENIED);
    }
    driver.close();
    assertThat(faults.openOf("createJob")).isOne();
    return child;
  }

  private String file(String name) {
    return temp.resolve(name).toString();
  }

  private void assertAnswers() throws Exception {
    Files.createFile(temp.resolve("asked"));
    await("the child answers", () -> Files.exists(temp.resolve("answered")));
  }

  private static void collectUntil(String what, BooleanSupplier condition) {
    await(
        what,
        () -> {
          System.gc();
          return condition.getAsBoolean();
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void closedChildOutlivesItsForgottenJob(boolean thrown) throws Exception {
    ProcessHandle child = closedButLimited(thrown);
    try {
      heal();
      collectUntil("the job is closed", () -> faults.openOf("createJob") == 0);
      assertAnswers();
    } finally {
      boolean _ = child.destroyForcibly();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void limitedJobIsNotClosed(boolean thrown) throws Exception {
    ProcessHandle child = closedButLimited(thrown);
    try {
      int before = faults.calls("limitJob");
      collectUntil(
          "the limit is tried to be removed", () -> faults.calls("limitJob") == before + 8);
      AtomicBoolean collected = new AtomicBoolean();
      GarbageWatch.afterNextCollection(() -> collected.set(true)); // on the same thread
      collectUntil("all that was found is closed", collected::get);
      assertThat(faults.openOf("createJob")).isOne();
      assertAnswers();
    } finally {
      boolean _ = child.destroyForcibly();
      faults.heal(); // an assertion may have failed before each fault met its call
      faults.handlesOf("createJob").forEach(faults.win32()::closeHandle);
    }
  }

  @Test
  void refusedKillReportsTheSurvivors() throws Exception {
    StepDriver driver = start(family().tree()).idleInput();
    ProcessHandle grandchild = grandchildOf(driver);
    faults.failAlways("terminateJob", Win32Errors.ACCESS_DENIED);
    List<ProcessHandle> left = driver.child().killTree(soon());
    assertThat(left)
        .extracting(ProcessHandle::pid)
        .contains(driver.child().pid(), grandchild.pid());
    heal();
    assertThat(driver.child().killTree(soon())).isEmpty();
  }

  @Test
  void childThatStartsProcessesAllTheTimeIsKilled() throws Exception {
    for (int i = 0; i < ROUNDS; i++) {
      StepDriver driver = start(SpawnRequests.shell(FORKS).noStreams().tree());
      ProcessHandle child = ProcessHandle.of(driver.child().pid()).orElseThrow();
      Descendants.awaitOne(child);
      assertThat(driver.child().killTree(soon())).as("round %s", i).isEmpty();
      assertThat(driver.child().awaitTree(Deadline.now())).isTrue();
      assertThat(child.isAlive()).isFalse();
      driver.close();
    }
  }

  @ParameterizedTest
  @CsvSource({"true, 1", "true, 3", "false, 1", "false, 3"})
  void deniedKillIsTriedAgain(boolean inJob, int denials) throws Exception {
    StepDriver driver = start(inJob ? family().tree() : family()).idleInput();
    ProcessHandle grandchild = grandchildOf(driver);
    for (int nth = 1; nth <= denials; nth++) {
      faults.fail(inJob ? "terminateJob" : "terminateProcess", nth, Win32Errors.ACCESS_DENIED);
    }
    assertThat(driver.child().killTree(soon())).isEmpty();
    assertThat(grandchild.isAlive()).isFalse();
  }

  @Test
  void unknownProcessesAreAnError() throws Exception {
    StepDriver driver = start(family().tree()).idleInput();
    faults.fail("jobProcesses", 1, Win32Errors.ACCESS_DENIED);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> driver.child().killTree(soon()))
        .withMessage("QueryInformationJobObject: ERROR_ACCESS_DENIED");
    assertThat(driver.child().killTree(soon())).isEmpty();
  }

  @Test
  void descendantsOfAChildWithoutAJobAreFound() throws Exception {
    StepDriver driver = start(family()).idleInput();
    ProcessHandle grandchild = grandchildOf(driver);
    assertThat(driver.child().killTree(soon())).isEmpty();
    assertThat(grandchild.isAlive()).isFalse();
    assertThat(faults.calls("createJob")).isZero();
    assertThat(driver.closesInput().text()).startsWith("ready");
    assertThat(driver.child().killTree(soon())).isEmpty();
  }

  @Test
  void refusedKillWithoutAJobReportsTheChild() throws Exception {
    SpawnRequests request = SpawnRequests.shell("cmd.exe /c \"set /p x=ready\"& set /p y=");
    StepDriver driver = start(request).idleInput();
    ProcessHandle grandchild = grandchildOf(driver);
    faults.failAlways("terminateProcess", Win32Errors.ACCESS_DENIED);
    List<ProcessHandle> left = driver.child().killTree(soon());
    assertThat(left).extracting(ProcessHandle::pid).containsExactly(driver.child().pid());
    assertThat(grandchild.isAlive()).isFalse();
    heal();
    assertThat(driver.child().killTree(soon())).isEmpty();
  }
}
