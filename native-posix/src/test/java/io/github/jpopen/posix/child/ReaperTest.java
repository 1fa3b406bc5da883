package io.github.jpopen.posix.child;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.posix.Held;
import io.github.jpopen.posix.PosixTest;
import io.github.jpopen.posix.Requests;
import io.github.jpopen.posix.Talk;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Children that are closed while they run: nothing waits, nothing is killed, and no zombie stays.
 */
class ReaperTest extends PosixTest {
  @BeforeEach
  void chooseHowToWait() {
    // with whatever there is
  }

  private static boolean isGone(long pid) {
    return Held.stat(pid).length == 0;
  }

  @Test
  void closedChildRunsOnAndIsCollected() throws Exception {
    Talk talk = start(Requests.shell("read x; sleep 0.2; exit 1"));
    long pid = talk.child().pid();
    talk.close();
    talk.close();
    assertThat(isGone(pid)).isFalse();
    await("collected", () -> isGone(pid));
  }

  @Test
  void closeCollectsAZombie() throws Exception {
    Talk talk = start(Requests.of("true"));
    long pid = talk.child().pid();
    awaitDeath(pid);
    talk.close();
    assertThat(isGone(pid)).isTrue();
  }

  @Test
  void closedChildCanBeSignalledUntilCollected() throws Exception {
    Talk talk = start(Requests.of("sleep", "60"));
    talk.close();
    assertThat(talk.child().signal(0)).isTrue();
    assertThat(talk.child().signal(HOST.numbers().SIGKILL())).isTrue();
    await("collected", () -> isGone(talk.child().pid()));
    assertThat(talk.child().signal(0)).isFalse();
    talk.child().wake();
  }

  @Test
  void oneThreadCollectsManyChildren() throws Exception {
    List<Talk> talks = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Talk talk = start(Requests.shell("sleep 0.$1", "x", "" + i % 5 + 1));
      talk.close();
      talks.add(talk);
    }
    long reapers =
        Thread.getAllStackTraces().keySet().stream()
            .filter(t -> t.getName().equals("jpopen-reaper"))
            .count();
    assertThat(reapers).isLessThanOrEqualTo(1);
    for (Talk talk : talks) {
      await("collected", () -> isGone(talk.child().pid()));
    }
    await(
        "the thread ends",
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .noneMatch(t -> t.getName().equals("jpopen-reaper")));
  }

  @Test
  void failingPollDoesNotEndTheReaper() throws Exception {
    Talk talk = start(Requests.shell("sleep 0.3"));
    int einval = HOST.numbers().EINVAL();
    faults.failAlways("poll", einval).failAlways("epollWait", einval);
    talk.close();
    await("collected", () -> isGone(talk.child().pid()));
  }

  @Test
  void reaperWorksWithoutAnEventCounter() throws Exception {
    faults.failAlways("eventCounter", HOST.numbers().EMFILE());
    Talk first = start(Requests.shell("sleep 0.3"));
    first.close();
    Talk second = start(Requests.shell("sleep 0.2"));
    second.close();
    await("collected", () -> isGone(first.child().pid()) && isGone(second.child().pid()));
  }
}
