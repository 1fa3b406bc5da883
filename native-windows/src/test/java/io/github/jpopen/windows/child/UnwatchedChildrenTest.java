package io.github.jpopen.windows.child;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What is worth another try at a limit, and how often the garbage collector is asked. */
class UnwatchedChildrenTest {
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** Time passes whenever it is asked for, and overflows early. */
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(2));

  private final AtomicInteger collections = new AtomicInteger();
  private Runnable found = () -> {};
  private final UnwatchedChildren children =
      new UnwatchedChildren(() -> now.addAndGet(TICK_NANOS), this::collect);

  private void collect() {
    collections.incrementAndGet();
    found.run();
  }

  /** A child that has nothing to give back. */
  private static final class Living implements UnwatchedChildren.Child {
    @Override
    public boolean giveBackIfEnded() {
      return false;
    }

    @Override
    public boolean isGivingBack() {
      return false;
    }
  }

  private void pass(long seconds) {
    now.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
  }

  @Test
  void childThatNoUserHasCountsForNothing() {
    children.handedOut(new Living());
    found = () -> children.closed(new Living());
    assertThat(children.giveBack()).isFalse();
    assertThat(collections).hasValue(1);
  }

  @Test
  void collectionsInVainBecomeRare() {
    children.handedOut(new Living());
    int[] seconds = {0, 1, 2, 4, 8, 16, 32, 60, 60};
    for (int i = 0; i < seconds.length; i++) {
      pass(seconds[i]);
      assertThat(children.giveBack()).isFalse();
      assertThat(collections).hasValue(i + 1);
      assertThat(children.giveBack()).isFalse();
      assertThat(collections).as("at once").hasValue(i + 1);
    }
  }

  @Test
  void collectionThatFindsAChildIsRepeatedSoon() {
    children.handedOut(new Living());
    for (int i = 0; i < 4; i++) {
      pass(60);
      assertThat(children.giveBack()).isFalse();
    }
    UnwatchedChildren.Child dropped = new Living();
    children.handedOut(dropped);
    found = () -> children.closed(dropped);
    pass(60);
    assertThat(children.giveBack()).isTrue();
    pass(1);
    assertThat(children.giveBack()).isFalse();
    assertThat(collections).hasValue(6);
  }

  /** The port thread closes its pipes a while later. */
  private static final class Ended implements UnwatchedChildren.Child {
    private int looks;

    Ended(int looks) {
      this.looks = looks;
    }

    @Override
    public boolean giveBackIfEnded() {
      return true;
    }

    @Override
    public boolean isGivingBack() {
      return looks-- > 0;
    }
  }

  @Test
  void exitThatAnotherThreadSeesDuringTheCallIsWorthATry() {
    children.handedOut(new Living());
    long before = children.countEnded();
    children.ended();
    assertThat(children.giveBackSince(before)).isTrue();
    assertThat(collections).hasValue(0);
    assertThat(children.giveBackSince(children.countEnded())).isFalse();
    assertThat(collections).hasValue(1);
  }

  @Test
  void exitThatAnotherThreadSawCountsOnce() {
    children.ended();
    assertThat(children.giveBack()).isTrue();
    assertThat(children.giveBack()).isFalse();
  }

  @Test
  void whatIsGivenBackIsAwaited() {
    Ended ended = new Ended(2);
    children.handedOut(ended);
    assertThat(children.giveBack()).isTrue();
    assertThat(ended.looks).isEqualTo(-1);
    assertThat(collections).hasValue(0);
  }

  @Test
  void pipeThatAnotherProcessHoldsIsNotAwaitedForLong() {
    Ended ended = new Ended(Integer.MAX_VALUE);
    children.handedOut(ended);
    assertThat(children.giveBack()).isTrue();
    assertThat(ended.looks).isGreaterThan(Integer.MAX_VALUE - 10);
  }

  @Test
  void withoutAChildThereIsNoCollection() {
    assertThat(children.giveBack()).isFalse();
    assertThat(collections).hasValue(0);
  }
}
