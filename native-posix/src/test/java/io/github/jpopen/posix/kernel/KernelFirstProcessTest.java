package io.github.jpopen.posix.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Conversations in a JVM that is process 1 of a PID namespace, as in a container. */
class KernelFirstProcessTest extends KernelTest {
  private static final List<String> UNSHARE =
      List.of("unshare", "--pid", "--fork", "--kill-child", "--mount-proc");

  @Override
  List<String> launcher() throws IOException {
    assumeTrue(KernelJvm.succeeds(UNSHARE, "true"), "no PID namespace");
    return UNSHARE;
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "TALK, fine",
    "RESUME, fine",
    "STREAM, fine",
    "KILL, killed true -9",
    "TERMINATE, killed true -15",
    "WAIT, waited 0",
    "RUN, timeout",
    "CLOSE, closed (-13)?0?",
    "DESCRIPTORS, fine",
  })
  void firstProcessTalksLikeAnyOther(Act act, String seen) throws Exception {
    long _ = jvm().worker(false);
    assertThat(jvm().act(false, act, "")).as("what a user sees").matches(seen);
    assertThat(jvm().left()).as("left behind").isEqualTo(Act.FINE);
  }
}
