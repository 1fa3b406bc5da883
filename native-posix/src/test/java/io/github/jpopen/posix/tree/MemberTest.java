package io.github.jpopen.posix.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.contract.Resources;
import io.github.jpopen.posix.Faults;
import io.github.jpopen.posix.PosixTest;
import io.github.jpopen.posix.libc.Posix;
import io.github.jpopen.posix.wait.PollContexts;
import io.github.jpopen.posix.wait.Poller;
import io.github.jpopen.spi.Deadline;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A signal reaches the process that was seen, and none that has got its id since. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "looks at processes in /proc")
class MemberTest extends PosixTest {
  /** What may be different in the next process with an id. */
  enum Other {
    START,
    PARENT,
    GROUP,
    SESSION;

    ProcessStat than(ProcessStat p) {
      return new ProcessStat(
          p.pid(),
          p.parent() + (this == PARENT ? 1 : 0),
          p.group() + (this == GROUP ? 1 : 0),
          p.session() + (this == SESSION ? 1 : 0),
          p.state(),
          p.kernel(),
          p.threads(),
          p.start() + (this == START ? 1 : 0));
    }
  }

  /** A pause of at most 20 ms needs 15 in 300 ms; a spin makes thousands. */
  private static final int MOST_POLLS = 40;

  private final ProcFiles proc = new ProcFiles();
  private final Faults own = faultsOf(HOST);
  private final Posix posix = own.posix();
  private final ProcessDescriptors descriptors = new ProcessDescriptors(posix, true);

  private interface Use {
    void of(Process process, ProcessStat seen) throws Exception;
  }

  private void withProcess(Use use) throws Exception {
    Process process = new ProcessBuilder("sleep", "60").start();
    try {
      use.of(process, Objects.requireNonNull(proc.stat(Math.toIntExact(process.pid()))));
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  static Stream<Arguments> others() {
    return Stream.of(Other.values())
        .flatMap(other -> Stream.of(true, false).map(wanted -> Arguments.of(other, wanted)));
  }

  @ParameterizedTest(name = "{0}, descriptor: {1}")
  @MethodSource("others")
  void otherProcessIsNoMember(Other other, boolean wanted) throws Exception {
    withProcess(
        (_, now) -> {
          ProcessStat seen = other.than(now);
          int open = Resources.descriptors().size();
          assertThat(Member.open(posix, descriptors, proc, seen, wanted)).isNull();
          // An idle poller may close its pipe in the middle of one look.
          await("no descriptor is left", () -> Resources.descriptors().size() <= open);
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void memberWithoutItsDescriptorIsKilled(boolean lost) throws Exception {
    Assumptions.assumeTrue(!lost || HAS_PIDFD, "without process descriptors");
    withProcess(
        (process, seen) -> {
          try (Member member =
              Objects.requireNonNull(Member.open(posix, descriptors, proc, seen, lost))) {
            member.stop();
            assertThat(member.hasDescriptor()).isEqualTo(lost);
            if (lost) { // other code closes it
              assertThat(HOST.close(member.descriptor())).isZero();
            }
            member.kill();
            assertThat(process.waitFor()).isEqualTo(128 + HOST.constants().SIGKILL());
            assertThat(member.isRefused()).isFalse();
          }
        });
  }

  @Test
  void waitForALostDescriptorDoesNotSpin() throws Exception {
    Assumptions.assumeTrue(HAS_PIDFD, "without process descriptors");
    PollContexts contexts = new PollContexts(posix);
    EndWait ends =
        new EndWait(posix, contexts, new Poller(posix, contexts, false, Duration.ofSeconds(1)));
    withProcess(
        (process, seen) -> {
          Member member = Objects.requireNonNull(Member.open(posix, descriptors, proc, seen, true));
          assertThat(member.hasDescriptor()).isTrue();
          assertThat(HOST.close(member.descriptor())).isZero();
          int before = own.calls("poll");
          assertThat(ends.await(member, Deadline.after(Duration.ofMillis(300)))).isFalse();
          assertThat(own.calls("poll") - before).isLessThan(MOST_POLLS);
          member.kill(); // notices the loss, so that nothing is closed twice
          member.close();
        });
  }
}
