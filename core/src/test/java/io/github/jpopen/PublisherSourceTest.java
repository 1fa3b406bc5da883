package io.github.jpopen;

import static io.github.jpopen.Redirect.PIPE;
import static io.github.jpopen.spi.StreamKind.STDIN;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.jpopen.scripted.Call;
import io.github.jpopen.scripted.Feed;
import io.github.jpopen.scripted.ScriptedChild;
import io.github.jpopen.scripted.ScriptedTest;
import io.github.jpopen.spi.Termination.Killed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow.Publisher;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A publisher as input: on whatever thread it sends, and whatever rules it breaks. */
class PublisherSourceTest extends ScriptedTest {
  private static final Command<byte[]> INPUT_ONLY = Command.of("fake").stdin(PIPE);
  private static final int MOST_AHEAD = 10;

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }

  /** Sends buffers within each request, and the end after the last one. */
  private static Publisher<ByteBuffer> within(Iterable<ByteBuffer> buffers) {
    return subscriber ->
        subscriber.onSubscribe(
            new Subscription() {
              private final Iterator<ByteBuffer> rest = buffers.iterator();
              private boolean done;

              @Override
              public void request(long n) {
                for (long i = 0; i < n && rest.hasNext() && !done; i++) {
                  subscriber.onNext(rest.next());
                }
                if (!rest.hasNext() && !done) {
                  done = true;
                  subscriber.onComplete();
                }
              }

              @Override
              public void cancel() {
                done = true;
              }
            });
  }

  // What arrives.

  @Test
  void everyKindOfBufferIsSent() throws Exception {
    byte[] large = new byte[300_001];
    new Random(1).nextBytes(large);
    ByteBuffer direct = ByteBuffer.allocateDirect(4).put("drct".getBytes(UTF_8)).flip();
    ByteBuffer part = bytes("(part)").position(1).limit(5);
    Feed feed = new Feed();
    ScriptedChild child = child().readsInput();
    Popen<byte[]> p = start(INPUT_ONLY);
    Call<Output<byte[]>> call = Call.of(() -> p.communicate(Input.publisher(feed)));
    feed.gives("one ").gives(direct).gives(ByteBuffer.allocate(0)).gives(part);
    feed.gives(bytes("read only").asReadOnlyBuffer()).gives(ByteBuffer.wrap(large));
    feed.awaitRequest();
    assertThat(part.position()).as("the position of the publisher").isEqualTo(1);
    feed.ends();
    child.awaitClosedByCore(STDIN);
    child.exits(0);
    call.result();
    byte[] start = "one drctpartread only".getBytes(UTF_8);
    assertThat(child.input())
        .startsWith(start)
        .hasSize(start.length + large.length)
        .endsWith(large);
    assertThat(feed.violations()).isEmpty();
  }

  @Test
  void emptyPublisherClosesStdinAtOnce() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(INPUT_ONLY);
    Call<Output<byte[]>> call = Call.of(() -> p.communicate(Input.publisher(within(List.of()))));
    child.awaitClosedByCore(STDIN);
    child.exits(0);
    call.result();
    assertThat(child.input()).isEmpty();
  }

  @Test
  void manyBuffersWithinTheRequestNeedNoStack() throws Exception {
    int count = 100_000;
    Iterable<ByteBuffer> buffers = () -> Stream.generate(() -> bytes("x")).limit(count).iterator();
    ScriptedChild child = child().readsInput();
    Popen<byte[]> p = start(INPUT_ONLY);
    Call<Output<byte[]>> call = Call.of(() -> p.communicate(Input.publisher(within(buffers))));
    child.awaitClosedByCore(STDIN);
    child.exits(0);
    call.result();
    assertThat(child.input()).hasSize(count).containsOnly('x');
  }

  /** Sizes, kinds of buffers and threads by chance. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void randomBuffersArriveInOrder(int seed) throws Exception {
    Random random = new Random(seed);
    byte[] all = new byte[random.nextInt(2_000_000)];
    random.nextBytes(all);
    List<ByteBuffer> buffers = new ArrayList<>();
    for (int at = 0; at < all.length; ) {
      int n = Math.min(all.length - at, random.nextInt(1 << random.nextInt(19)));
      ByteBuffer buffer =
          random.nextBoolean() ? ByteBuffer.allocate(n) : ByteBuffer.allocateDirect(n);
      buffers.add(buffer.put(all, at, n).flip());
      at += n;
    }
    boolean within = random.nextBoolean();
    Feed feed = new Feed();
    ScriptedChild child = child().readsInput();
    Popen<byte[]> p = start(INPUT_ONLY);
    Input input = Input.publisher(within ? within(buffers) : feed);
    Call<Output<byte[]>> call = Call.of(() -> p.communicate(input));
    if (!within) {
      for (ByteBuffer buffer : buffers) {
        feed.gives(buffer);
      }
      feed.ends();
    }
    child.awaitClosedByCore(STDIN);
    child.exits(0);
    call.result();
    assertThat(child.input()).isEqualTo(all);
    assertThat(feed.violations()).isEmpty();
  }

  @Test
  void eachChildSubscribesAnew() throws Exception {
    Input input = Input.publisher(within(List.of(bytes("a"), bytes("b"))));
    for (int i = 0; i < 2; i++) {
      ScriptedChild child = child().readsInput();
      Popen<byte[]> p = start(INPUT_ONLY);
      Call<Output<byte[]>> call = Call.of(() -> p.communicate(input));
      child.awaitClosedByCore(STDIN);
      child.exits(0);
      call.result();
      assertThat(child.inputText()).isEqualTo("ab");
    }
  }

  // Timeouts and memory.

  @Test
  void slowPublisherDelaysNeitherTimeoutNorOutput() throws Exception {
    Feed feed = new Feed();
    ScriptedChild child = child().stdout("early").readsInput();
    Popen<byte[]> p = start(PIPES);
    TimeoutExpiredException e =
        timedOut(() -> p.communicate(Input.publisher(feed), Duration.ofMillis(20)));
    assertThat(e.stdout().bytes()).asString().isEqualTo("early");
    feed.gives("one ");
    timedOut(() -> p.communicate(Duration.ofMillis(5)));
    Call<Output<byte[]>> call = Call.of(() -> p.communicate(LONG));
    child.awaitInput(4);
    feed.gives("two").ends();
    child.awaitClosedByCore(STDIN);
    child.endsOutputs().exits(0);
    call.result();
    assertThat(child.inputText()).isEqualTo("one two");
    assertThat(feed.isCancelled()).isFalse();
  }

  /** It calls within subscribe, or within request, and does not return. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void publisherThatBlocksDelaysNoTimeout(boolean subscribing) throws Exception {
    CountDownLatch blocked = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    Runnable block =
        () -> {
          try {
            blocked.countDown();
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            interrupted.countDown();
          }
        };
    AtomicInteger cancels = new AtomicInteger();
    Publisher<ByteBuffer> publisher =
        subscriber -> {
          subscriber.onSubscribe(
              subscription(subscribing ? () -> {} : block, cancels::incrementAndGet));
          if (subscribing) {
            block.run();
          }
        };
    ScriptedChild child = child();
    Popen<byte[]> p = start(INPUT_ONLY);
    timedOut(() -> p.communicate(Input.publisher(publisher), NONE));
    assertThat(blocked.await(10, TimeUnit.SECONDS)).isTrue();
    timedOut(() -> p.communicate(Duration.ofMillis(5)));
    child.exits(0);
    p.close();
    assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
  }

  private static Subscription subscription(Runnable onRequest, Runnable onCancel) {
    return new Subscription() {
      @Override
      public void request(long n) {
        onRequest.run();
      }

      @Override
      public void cancel() {
        onCancel.run();
      }
    };
  }

  @Test
  void littleIsRequestedWhileTheChildReadsNothing() throws Exception {
    CountDownLatch full = new CountDownLatch(5);
    AtomicInteger sent = new AtomicInteger();
    Iterable<ByteBuffer> endless =
        () ->
            Stream.generate(
                    () -> {
                      sent.incrementAndGet();
                      full.countDown();
                      return ByteBuffer.allocate(64 * 1024);
                    })
                .iterator();
    ScriptedChild child = child();
    Popen<byte[]> p = start(INPUT_ONLY);
    timedOut(() -> p.communicate(Input.publisher(within(endless)), Duration.ofMillis(1)));
    assertThat(full.await(10, TimeUnit.SECONDS)).isTrue();
    timedOut(() -> p.communicate(Duration.ofMillis(50)));
    assertThat(sent).hasValueLessThanOrEqualTo(MOST_AHEAD);
    child.exits(0).refusesInput();
    p.communicate();
    assertThat(sent).hasValueLessThanOrEqualTo(MOST_AHEAD);
  }

  // Failures.

  static Stream<Throwable> failures() {
    return Stream.of(
        new IOException("disk on fire"),
        new IllegalStateException("bug"),
        new StackOverflowError("deep"),
        new TimeoutException("slow"),
        new IOException(),
        new InterruptedException("other thread"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void errorIsReportedOnceAfterWhatCameBefore(Throwable failure) throws Exception {
    Feed feed = new Feed();
    ScriptedChild child = child().stdout("so far").readsInput();
    Popen<byte[]> p = start(PIPES);
    Call<SubprocessException> call =
        Call.of(
            () ->
                catchThrowableOfType(
                    SubprocessException.class, () -> p.communicate(Input.publisher(feed))));
    feed.gives("some ").gives("more").fails(failure);
    SubprocessException e = call.result();
    assertThat(e.getCause()).isSameAs(failure);
    assertThat(e)
        .hasMessageStartingWith("the input of \"fake\" failed: ")
        .hasMessageNotContaining("null");
    assertThat(child.inputText()).isEqualTo("some more");
    assertThat(child.isClosedByCore(STDIN)).isFalse();
    child.stdout(" so good").endsOutputs().exits(1);
    assertThat(p.communicate().stdout()).asString().isEqualTo("so far so good");
    assertThat(child.isClosedByCore(STDIN)).isFalse();
  }

  @Test
  void nextCallReportsALateError() throws Exception {
    Feed feed = new Feed();
    ScriptedChild child = child();
    Popen<byte[]> p = start(INPUT_ONLY);
    timedOut(() -> p.communicate(Input.publisher(feed), NONE));
    feed.fails(new IOException("late"));
    SubprocessException e = catchThrowableOfType(SubprocessException.class, p::communicate);
    assertThat(e).hasMessageEndingWith("late");
    child.exits(0);
    p.communicate();
  }

  /** What a publisher may do against the rules. */
  @SuppressWarnings({"ImmutableEnumChecker", "DataFlowIssue"}) // the acts have no state
  enum Violation {
    SENDS_NULL(NullPointerException.class, s -> s.onNext(nothing())),
    FAILS_WITH_NULL(NullPointerException.class, s -> s.onError(nothing())),
    SENDS_TWO(
        IllegalStateException.class,
        s -> {
          s.onNext(bytes("1"));
          s.onNext(bytes("2"));
        }),
    SENDS_EMPTY_ONES(
        IllegalStateException.class,
        s -> {
          while (true) {
            s.onNext(ByteBuffer.allocate(0));
          }
        }),
    SENDS_WITHOUT_AN_END(
        IllegalStateException.class,
        s -> {
          while (true) {
            s.onNext(bytes("more"));
          }
        }),
    THROWS(
        ArithmeticException.class,
        s -> {
          throw new ArithmeticException();
        });

    final Class<? extends Throwable> failure;
    final Consumer<Subscriber<? super ByteBuffer>> act;

    Violation(Class<? extends Throwable> failure, Consumer<Subscriber<? super ByteBuffer>> act) {
      this.failure = failure;
      this.act = act;
    }
  }

  @SuppressWarnings({
    "NullAway",
    "TypeParameterUnusedInFormals"
  }) // what a publisher should not send
  private static <T> T nothing() {
    return (T) null;
  }

  @ParameterizedTest
  @EnumSource
  void violationWithinTheRequestFailsTheCall(Violation violation) throws Exception {
    AtomicInteger cancels = new AtomicInteger();
    Publisher<ByteBuffer> publisher =
        subscriber ->
            subscriber.onSubscribe(
                subscription(() -> violation.act.accept(subscriber), cancels::incrementAndGet));
    assertFails(publisher, violation.failure);
    assertThat(cancels).hasPositiveValue();
  }

  @ParameterizedTest
  @EnumSource
  void violationWithinSubscribeFailsTheCall(Violation violation) throws Exception {
    AtomicInteger cancels = new AtomicInteger();
    Publisher<ByteBuffer> publisher =
        subscriber -> {
          subscriber.onSubscribe(subscription(() -> {}, cancels::incrementAndGet));
          violation.act.accept(subscriber);
        };
    assertFails(publisher, violation.failure);
    assertThat(cancels).hasPositiveValue();
  }

  @ParameterizedTest
  @EnumSource
  void violationBeforeTheSubscriptionFailsTheCall(Violation violation) throws Exception {
    assertFails(violation.act::accept, violation.failure);
  }

  @Test
  void subscriptionThatIsNullFailsTheCall() throws Exception {
    assertFails(subscriber -> subscriber.onSubscribe(nothing()), NullPointerException.class);
  }

  private void assertFails(Publisher<ByteBuffer> publisher, Class<? extends Throwable> expected)
      throws Exception {
    ScriptedChild child = child().readsInput();
    Popen<byte[]> p = start(INPUT_ONLY);
    SubprocessException e =
        catchThrowableOfType(
            SubprocessException.class, () -> p.communicate(Input.publisher(publisher), LONG));
    assertThat(e).hasCauseInstanceOf(expected).hasMessageNotContaining("null");
    assertThat(child.isClosedByCore(STDIN)).isFalse();
    child.exits(0);
    p.communicate();
  }

  @ParameterizedTest
  @EnumSource(names = {"SENDS_NULL", "FAILS_WITH_NULL", "SENDS_TWO"})
  void violationOnAnotherThreadFailsTheCall(Violation violation) throws Exception {
    Feed feed = new Feed();
    ScriptedChild child = child().readsInput();
    Popen<byte[]> p = start(INPUT_ONLY);
    Call<SubprocessException> call =
        Call.of(
            () ->
                catchThrowableOfType(
                    SubprocessException.class, () -> p.communicate(Input.publisher(feed))));
    feed.awaitRequest();
    Subscriber<? super ByteBuffer> subscriber = feed.subscriber();
    if (violation == Violation.SENDS_TWO) {
      while (!feed.isCancelled()) { // the reader may have requested the second one meanwhile
        subscriber.onNext(bytes("x"));
      }
    } else {
      assertThatNullPointerException().isThrownBy(() -> violation.act.accept(subscriber));
    }
    assertThat(call.result()).hasCauseInstanceOf(violation.failure);
    feed.awaitCancelled();
    child.exits(0);
    p.communicate();
  }

  @Test
  void secondSubscriptionIsCancelled() throws Exception {
    AtomicInteger cancels = new AtomicInteger();
    Feed feed = new Feed();
    Publisher<ByteBuffer> twice =
        subscriber -> {
          feed.subscribe(subscriber);
          subscriber.onSubscribe(
              subscription(
                  () -> {
                    throw new AssertionError("requested");
                  },
                  cancels::incrementAndGet));
        };
    ScriptedChild child = child().readsInput();
    Popen<byte[]> p = start(INPUT_ONLY);
    Call<Output<byte[]>> call = Call.of(() -> p.communicate(Input.publisher(twice)));
    feed.gives("all").ends();
    child.awaitClosedByCore(STDIN);
    child.exits(0);
    call.result();
    assertThat(child.inputText()).isEqualTo("all");
    assertThat(cancels).hasValue(1);
  }

  @Test
  void nothingFollowsTheEndWithinTheRequest() throws Exception {
    Publisher<ByteBuffer> publisher =
        subscriber ->
            subscriber.onSubscribe(
                subscription(
                    () -> {
                      subscriber.onComplete();
                      subscriber.onNext(bytes("late"));
                      subscriber.onError(new IOException("late"));
                    },
                    () -> {}));
    ScriptedChild child = child().readsInput();
    Popen<byte[]> p = start(INPUT_ONLY);
    Call<Output<byte[]>> call = Call.of(() -> p.communicate(Input.publisher(publisher)));
    child.awaitClosedByCore(STDIN);
    child.exits(0);
    call.result();
    assertThat(child.input()).isEmpty();
  }

  @Test
  void nothingFollowsTheEnd() throws Exception {
    Feed feed = new Feed();
    ScriptedChild child = child().readsInput();
    Popen<byte[]> p = start(INPUT_ONLY);
    Call<Output<byte[]>> call = Call.of(() -> p.communicate(Input.publisher(feed)));
    feed.gives("all").ends();
    Subscriber<? super ByteBuffer> subscriber = feed.subscriber();
    subscriber.onError(new IOException("late"));
    subscriber.onNext(bytes("late"));
    child.awaitClosedByCore(STDIN);
    child.exits(0);
    call.result();
    assertThat(child.inputText()).isEqualTo("all");
  }

  // The end of the child.

  interface End {
    void end(ScriptedChild child, Popen<byte[]> p) throws Exception;
  }

  @SuppressWarnings("ImmutableEnumChecker") // the ends have no state
  enum Ending {
    HUNG_UP(
        (child, p) -> {
          child.hangsUpInput().exits(0);
          p.communicate();
        }),
    REFUSED(
        (child, p) -> {
          child.refusesInput().exits(0);
          p.communicate();
        }),
    CLOSED(
        (child, p) -> {
          child.exits(0);
          p.close();
        }),
    KILLED(
        (child, p) -> {
          child.diesNow(new Killed(9, false));
          p.close();
        });

    private final End end;

    Ending(End end) {
      this.end = end;
    }
  }

  @ParameterizedTest
  @EnumSource
  void endOfTheChildCancels(Ending ending) throws Exception {
    Feed feed = new Feed();
    ScriptedChild child = child();
    Popen<byte[]> p = start(INPUT_ONLY);
    timedOut(() -> p.communicate(Input.publisher(feed), NONE));
    feed.gives("unread");
    feed.awaitRequest();
    ending.end.end(child, p);
    feed.awaitCancelled();
    Subscriber<? super ByteBuffer> subscriber = feed.subscriber();
    assertThatCode(
            () -> {
              for (int i = 0; i < 1000; i++) {
                subscriber.onNext(bytes("too late"));
              }
              subscriber.onError(new IOException("too late"));
              subscriber.onComplete();
            })
        .doesNotThrowAnyException();
    assertThat(feed.violations()).isEmpty();
  }

  @Test
  void timeoutOfAOneShotCallCancels() throws Exception {
    Feed feed = new Feed();
    child().readsInput();
    Command<byte[]> command = Command.of("fake").input(Input.publisher(feed));
    timedOut(() -> command.timeout(Duration.ofMillis(20)).run());
    feed.awaitCancelled();
  }

  @Test
  void subscriptionThatComesTooLateIsCancelled() throws Exception {
    CompletableFuture<Thread> reader = new CompletableFuture<>();
    List<Subscriber<? super ByteBuffer>> subscribers = new ArrayList<>();
    Publisher<ByteBuffer> late =
        subscriber -> {
          subscribers.add(subscriber);
          reader.complete(Thread.currentThread());
        };
    ScriptedChild child = child();
    Popen<byte[]> p = start(INPUT_ONLY);
    timedOut(() -> p.communicate(Input.publisher(late), NONE));
    Thread thread = reader.get(10, TimeUnit.SECONDS);
    child.exits(0);
    p.close();
    assertThat(thread.join(Duration.ofSeconds(10))).isTrue();
    AtomicInteger cancels = new AtomicInteger();
    subscribers.getFirst().onSubscribe(subscription(() -> {}, cancels::incrementAndGet));
    assertThat(cancels).hasValue(1);
  }

  @Test
  void failedCancelIsNotAnError() throws Exception {
    CountDownLatch cancelled = new CountDownLatch(1);
    Publisher<ByteBuffer> publisher =
        subscriber ->
            subscriber.onSubscribe(
                subscription(
                    () -> {},
                    () -> {
                      cancelled.countDown();
                      throw new IllegalStateException("cancel");
                    }));
    ScriptedChild child = child();
    Popen<byte[]> p = start(INPUT_ONLY);
    timedOut(() -> p.communicate(Input.publisher(publisher), NONE));
    child.hangsUpInput().exits(0);
    p.communicate();
    assertThat(cancelled.await(10, TimeUnit.SECONDS)).isTrue();
  }

  /** An interrupt would close a channel that the publisher closes or uses then. */
  @Test
  void cancelIsCalledWithoutAnInterrupt() throws Exception {
    CountDownLatch requested = new CountDownLatch(1);
    CountDownLatch cancelled = new CountDownLatch(1);
    AtomicInteger interrupts = new AtomicInteger();
    Publisher<ByteBuffer> publisher =
        subscriber ->
            subscriber.onSubscribe(
                subscription(
                    () -> {
                      requested.countDown();
                      while (!Thread.currentThread().isInterrupted()) {
                        Thread.onSpinWait();
                      }
                      subscriber.onNext(bytes("unread"));
                    },
                    () -> {
                      interrupts.addAndGet(Thread.currentThread().isInterrupted() ? 1 : 0);
                      cancelled.countDown();
                    }));
    ScriptedChild child = child();
    Popen<byte[]> p = start(INPUT_ONLY);
    timedOut(() -> p.communicate(Input.publisher(publisher), NONE));
    assertThat(requested.await(10, TimeUnit.SECONDS)).isTrue();
    child.hangsUpInput().exits(0);
    p.communicate();
    assertThat(cancelled.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(interrupts).hasValue(0);
  }

  @Test
  void unusedInputIsNotSubscribedTo() throws Exception {
    Feed feed = new Feed();
    child();
    Popen<byte[]> p = start(INPUT_ONLY);
    p.stdin().close();
    assertThatIllegalStateException().isThrownBy(() -> p.communicate(Input.publisher(feed)));
    assertThat(feed.hasSubscriber()).isFalse();
  }

  @Test
  void publisherMayUseItsBufferAgain() throws Exception {
    byte[] all = new byte[400_000];
    new Random(2).nextBytes(all);
    ByteBuffer one = ByteBuffer.allocate(100_000);
    AtomicInteger at = new AtomicInteger();
    Iterable<ByteBuffer> buffers =
        () ->
            new Iterator<>() {
              @Override
              public boolean hasNext() {
                return at.get() < all.length;
              }

              @Override
              public ByteBuffer next() {
                int from = at.getAndAdd(one.capacity());
                return one.clear().put(Arrays.copyOfRange(all, from, at.get())).flip();
              }
            };
    ScriptedChild child = child().readsInput();
    Popen<byte[]> p = start(INPUT_ONLY);
    Call<Output<byte[]>> call = Call.of(() -> p.communicate(Input.publisher(within(buffers))));
    child.awaitClosedByCore(STDIN);
    child.exits(0);
    call.result();
    assertThat(child.input()).isEqualTo(all);
  }

  @Test
  void publisherThatIsNullIsRefused() {
    assertThatNullPointerException()
        .isThrownBy(() -> Input.publisher(nothing()))
        .withMessage("source is null");
  }
}
