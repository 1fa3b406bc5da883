package io.github.jpopen;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.concurrent.AsyncCall;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A cancel that comes while a call is about to leave. */
class AsyncCallTest {
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
