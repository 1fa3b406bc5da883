package io.github.jpopen.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.jpopen.concurrent.SideBySide.Task;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class SideBySideTest {
  private final CountDownLatch stopped = new CountDownLatch(1);

  private void run(Task... tasks) throws IOException, InterruptedException {
    SideBySide.run("side", List.of(tasks), stopped::countDown);
  }

  private static FutureTask<Void> onThread(boolean virtual, Callable<Void> call) {
    FutureTask<Void> task = new FutureTask<>(call);
    Thread thread =
        virtual ? Thread.ofVirtual().unstarted(task) : Thread.ofPlatform().daemon().unstarted(task);
    thread.start();
    return task;
  }

  private static void join(FutureTask<Void> task) throws Exception {
    try {
      task.get(20, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void allRunAtTheSameTimeOnThreadsOfTheSameKind(boolean virtual) throws Exception {
    CountDownLatch all = new CountDownLatch(3);
    ConcurrentLinkedQueue<Thread> threads = new ConcurrentLinkedQueue<>();
    Task task =
        () -> {
          threads.add(Thread.currentThread());
          all.countDown();
          all.await();
        };
    Thread[] caller = new Thread[1];
    join(
        onThread(
            virtual,
            () -> {
              caller[0] = Thread.currentThread();
              run(task, task, task);
              return null;
            }));
    assertThat(threads).hasSize(3).doesNotHaveDuplicates().contains(caller[0]);
    assertThat(threads).allMatch(thread -> thread.isVirtual() == virtual);
    assertThat(stopped.getCount()).as("nothing was stopped").isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void otherThreadsInheritFromTheCaller(boolean virtual) throws Exception {
    InheritableThreadLocal<String> request = new InheritableThreadLocal<>();
    ClassLoader loader = new ClassLoader("of the caller", null) {};
    ConcurrentLinkedQueue<String> seen = new ConcurrentLinkedQueue<>();
    Task task =
        () ->
            seen.add(
                request.get() + ", " + Thread.currentThread().getContextClassLoader().getName());
    join(
        onThread(
            virtual,
            () -> {
              request.set("request 7");
              Thread.currentThread().setContextClassLoader(loader);
              run(task, task, task);
              return null;
            }));
    assertThat(seen).hasSize(3).containsOnly("request 7, of the caller");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void firstFailureStopsTheOthers(int failing) {
    List<Task> tasks = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      boolean fails = i == failing;
      tasks.add(
          () -> {
            if (fails) {
              throw new IOException("first");
            }
            stopped.await();
            throw new IllegalStateException("second");
          });
    }
    assertThatIOException().isThrownBy(() -> run(tasks.toArray(Task[]::new))).withMessage("first");
  }

  @Test
  void errorOfATaskIsThrown() {
    assertThatExceptionOfType(OutOfMemoryError.class)
        .isThrownBy(
            () ->
                run(
                    stopped::await,
                    () -> {
                      throw new OutOfMemoryError("test");
                    }));
  }

  @Test
  void taskThatIsAloneRunsHere() throws Exception {
    Thread[] thread = new Thread[1];
    run(() -> thread[0] = Thread.currentThread());
    assertThat(thread[0]).isSameAs(Thread.currentThread());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void interruptWhileOthersRunStopsThem(boolean virtual) {
    FutureTask<Void> call =
        onThread(
            virtual,
            () -> {
              Thread me = Thread.currentThread();
              try {
                run(
                    () -> {},
                    () -> {
                      me.interrupt();
                      stopped.await();
                    });
              } finally {
                assertThat(me.isInterrupted()).isFalse();
              }
              return null;
            });
    assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> join(call));
  }

  /** The other tasks are in code of users, which does not hear of the stop. */
  @ParameterizedTest
  @CsvSource({"false, false", "false, true", "true, false", "true, true"})
  void interruptReachesAllThreads(boolean virtual, boolean joins) {
    FutureTask<Void> call =
        onThread(
            virtual,
            () -> {
              Thread me = Thread.currentThread();
              Task blocking = () -> new CountDownLatch(1).await();
              run(
                  joins ? () -> {} : blocking,
                  blocking,
                  () -> {
                    me.interrupt();
                    blocking.run();
                  });
              return null;
            });
    assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> join(call));
  }

  @Test
  void interruptAfterAFailureStaysPending() throws Exception {
    FutureTask<Void> call =
        onThread(
            false,
            () -> {
              Thread me = Thread.currentThread();
              assertThatIllegalStateException()
                  .isThrownBy(
                      () ->
                          run(
                              () -> {
                                throw new IllegalStateException("first");
                              },
                              () -> {
                                stopped.await();
                                me.interrupt();
                              }))
                  .withMessage("first");
              assertThat(me.isInterrupted()).isTrue();
              return null;
            });
    join(call);
  }
}
