package io.github.jpopen.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One thread at a time has the turn, and those that did not get it are woken. */
class TurnTest {
  private final AtomicInteger wakes = new AtomicInteger();
  private final Turn turn = new Turn();

  @BeforeEach
  void join() {
    turn.join(wakes::incrementAndGet);
  }

  @Test
  void threadThatMissedItIsWoken() {
    assertThat(turn.isFree()).isTrue();
    assertThat(turn.tryTake()).isTrue();
    assertThat(turn.tryTake()).isFalse();
    assertThat(turn.isFree()).isFalse();
    turn.leave();
    assertThat(wakes).hasValue(1);
    assertThat(turn.isFree()).isTrue();
  }

  @Test
  void noThreadIsWokenForATurnThatWasNotMissed() {
    assertThat(turn.tryTake()).isTrue();
    turn.leave();
    assertThat(wakes).hasValue(0);
  }

  @Test
  void failureSuspendsItUntilTheCallEnds() {
    turn.beginCall();
    assertThat(turn.tryTake()).isTrue();
    turn.failed();
    turn.leave();
    assertThat(turn.isFree()).isFalse();
    assertThat(turn.tryTake()).isFalse();
    turn.endCall();
    assertThat(wakes).as("a thread may wait in a call on one stage").hasValue(1);
    assertThat(turn.tryTake()).isTrue();
  }

  @Test
  void failureOutsideOfACommonCallSuspendsNothing() {
    assertThat(turn.tryTake()).isTrue();
    turn.failed();
    turn.leave();
    assertThat(turn.tryTake()).isTrue();
  }
}
