package io.github.jpopen.scripted;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow.Publisher;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A publisher whose signals a test sends, on the thread of the test. It has one subscriber and
 * counts what that requests.
 */
public final class Feed implements Publisher<ByteBuffer> {
  private static final long LIMIT_SECONDS = 10;

  private final CompletableFuture<Subscriber<? super ByteBuffer>> subscriber =
      new CompletableFuture<>();
  private final CountDownLatch cancelled = new CountDownLatch(1);
  private final List<String> violations = new ArrayList<>();
  private long requested;
  private long sent;

  @Override
  public void subscribe(Subscriber<? super ByteBuffer> given) {
    if (!subscriber.complete(given)) {
      throw new AssertionError("a second subscriber");
    }
    given.onSubscribe(
        new Subscription() {
          @Override
          public void request(long n) {
            note(Thread.currentThread().getName(), n);
          }

          @Override
          public void cancel() {
            cancelled.countDown();
          }
        });
  }

  private synchronized void note(String thread, long n) {
    requested += n;
    if (n <= 0 || requested - sent > 1 || !thread.equals("jpopen-input")) {
      violations.add(thread + " requested " + n + " after " + sent + " were sent");
    }
    notifyAll();
  }

  /** Sends a buffer as soon as one was requested. */
  public Feed gives(String text) throws InterruptedException {
    return gives(ByteBuffer.wrap(text.getBytes(UTF_8)));
  }

  /** Sends a buffer as soon as one was requested. */
  public Feed gives(ByteBuffer buffer) throws InterruptedException {
    awaitRequest();
    synchronized (this) {
      sent++;
    }
    subscriber().onNext(buffer);
    return this;
  }

  /** Waits until another buffer was requested. */
  public synchronized void awaitRequest() throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (requested == sent) {
      if (System.nanoTime() > end) {
        throw new AssertionError("nothing was requested within " + LIMIT_SECONDS + " s");
      }
      wait(100);
    }
  }

  /** Sends the end. */
  public void ends() throws InterruptedException {
    subscriber().onComplete();
  }

  /** Sends an error. */
  public void fails(Throwable reason) throws InterruptedException {
    subscriber().onError(reason);
  }

  /** Waits until there is one. */
  public Subscriber<? super ByteBuffer> subscriber() throws InterruptedException {
    try {
      return subscriber.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError("no subscriber within " + LIMIT_SECONDS + " s", e);
    }
  }

  public boolean hasSubscriber() {
    return subscriber.isDone();
  }

  /** Whether no buffer will be requested. */
  public boolean isCancelled() {
    return cancelled.getCount() == 0;
  }

  public void awaitCancelled() throws InterruptedException {
    if (!cancelled.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("not cancelled within " + LIMIT_SECONDS + " s");
    }
  }

  /** How many buffers were requested. */
  public synchronized long requested() {
    return requested;
  }

  /** What the subscriber did against the rules. */
  public synchronized List<String> violations() {
    return List.copyOf(violations);
  }
}
