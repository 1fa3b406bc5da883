package io.github.jpopen;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.concurrent.AsyncCall;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A cancel that comes while a call is about to leave. */
class AsyncCallTest {
  /** A future may be kept for a long time, and a task has the input and the output. */
  @Test
  void futureOfACallThatIsOverKeepsNoTask() throws Exception {
    List<WeakReference<AsyncCall.Task<String>>> tasks = new ArrayList<>();
    AsyncCall<String> future = begun(tasks);
    assertThat(future.get(10, SECONDS)).isEqualTo("result");
    future.thread().join();
    for (int tries = 0; tries < 100 && !tasks.getFirst().refersTo(null); tries++) {
      System.gc();
    }
    assertThat(tasks.getFirst().refersTo(null)).isTrue();
    assertThat(future.join()).isEqualTo("result"); // so the future was there all the time
  }

  private static AsyncCall<String> begun(List<WeakReference<AsyncCall.Task<String>>> tasks) {
    AsyncCall.Task<String> task = new StringBuilder("result")::toString;
    tasks.add(new WeakReference<>(task));
    return new AsyncCall<>("call", task).start();
  }

  @Test
  void taskLearnsOfACancelThatIsTooLate() throws Exception {
    CountDownLatch leaving = new CountDownLatch(1);
    CountDownLatch mayLeave = new CountDownLatch(1);
    AtomicInteger givenUp = new AtomicInteger();
    AtomicInteger tooLate = new AtomicInteger();
    AsyncCall<String> future =
        new AsyncCall<>(
                "call",
                new AsyncCall.Task<String>() {
                  @Override
                  public String call() {
                    return "result";
                  }

                  @Override
                  public void givenUp() {
                    givenUp.incrementAndGet();
                  }

                  @Override
                  public void tooLate() {
                    tooLate.incrementAndGet();
                  }

                  @Override
                  public void ended(@Nullable Throwable failure, boolean wanted) {
                    leaving.countDown();
                    try {
                      assertThat(mayLeave.await(10, SECONDS)).isTrue();
                    } catch (InterruptedException e) {
                      throw new AssertionError(e);
                    }
                  }
                })
            .start();
    assertThat(leaving.await(10, SECONDS)).isTrue();
    assertThat(future.cancel(true)).isFalse();
    assertThat(tooLate).hasValue(1);
    mayLeave.countDown();
    assertThat(future.get(10, SECONDS)).isEqualTo("result");
    assertThat(future.cancel(true)).isFalse();
    assertThat(givenUp).hasValue(0);
    assertThat(tooLate).as("nothing is left to tell").hasValue(1);
  }
}
