package io.github.jpopen.input;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow.Publisher;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What a publisher sends as a stream for one thread. Only that thread subscribes, requests and
 * cancels, so the publisher is never called by two threads at the same time. It requests one buffer
 * at a time, and the next when all of that was read.
 */
final class PublisherStream extends InputStream {
  /** In place of a buffer: there is none, and none was requested. */
  private static final ByteBuffer NONE = ByteBuffer.allocate(0);

  /** In place of a buffer: one was requested. */
  private static final ByteBuffer REQUESTED = ByteBuffer.allocate(0);

  private final Thread reader;
  private final AtomicReference<ByteBuffer> next = new AtomicReference<>(NONE);
  private final AtomicReference<@Nullable Subscription> subscription = new AtomicReference<>();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private volatile boolean completed; // no error
  private volatile boolean ended; // by the publisher
  private volatile boolean closed;

  private PublisherStream(Thread reader) {
    this.reader = reader;
  }

  /** Subscribes. The thread that calls this is the one that reads and closes. */
  static PublisherStream of(Publisher<? extends ByteBuffer> publisher) {
    PublisherStream stream = new PublisherStream(Thread.currentThread());
    boolean subscribed = false;
    try {
      publisher.subscribe(stream.new Signals());
      subscribed = true;
      return stream;
    } finally {
      if (!subscribed) {
        stream.close();
      }
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    while (true) {
      boolean last = completed || failure.get() != null; // looked at first: a buffer comes before
      ByteBuffer buffer = next.get();
      if (buffer.hasRemaining()) {
        int n = Math.min(length, buffer.remaining());
        buffer.get(into, offset, n);
        return n;
      }
      if (last) {
        return end();
      }
      await(buffer);
    }
  }

  private int end() {
    Throwable e = failure.get();
    if (e != null) {
      throw new InputSource.FailedException(e);
    }
    return -1;
  }

  /** Requests a buffer, or waits for a signal, after this one was read. */
  @SuppressWarnings("ReferenceEquality") // two empty buffers are equal
  private void await(ByteBuffer read) throws IOException {
    if (Thread.interrupted()) {
      throw new InterruptedIOException();
    }
    Subscription known = subscription.get();
    if (known != null && read != REQUESTED) {
      next.set(REQUESTED);
      known.request(1);
    } else {
      LockSupport.park(this);
    }
  }

  /** Cancels. */
  @Override
  public void close() {
    closed = true;
    next.set(NONE);
    Subscription known = subscription.get();
    if (known != null && !ended) {
      // An interrupt was for a read of ours. It would close a channel that the publisher uses.
      boolean _ = Thread.interrupted();
      known.cancel();
    }
  }

  /** What the publisher calls, on any thread. Never waits. */
  private final class Signals implements Subscriber<ByteBuffer> {
    @Override
    public void onSubscribe(Subscription given) {
      check(given, "subscription");
      if (!subscription.compareAndSet(null, given) || closed) {
        given.cancel();
      }
      LockSupport.unpark(reader);
    }

    @Override
    public void onNext(ByteBuffer buffer) {
      check(buffer, "buffer");
      if (closed || completed || failure.get() != null) {
        return; // the publisher may not know yet
      }
      // A duplicate, because its position is not that of the publisher.
      if (next.compareAndSet(REQUESTED, buffer.duplicate())) {
        LockSupport.unpark(reader);
      } else {
        refuseMore();
      }
    }

    private void refuseMore() {
      IllegalStateException e =
          new IllegalStateException("the publisher sent more than was requested");
      fail(e);
      if (reader.equals(Thread.currentThread())) {
        throw e; // it calls from within subscribe or request, and may not return otherwise
      }
    }

    @Override
    public void onError(Throwable reason) {
      check(reason, "error");
      ended = true;
      fail(reason);
    }

    /** The rules of Reactive Streams ask for this exception. */
    private void check(@Nullable Object given, String what) {
      if (given == null) {
        NullPointerException e = new NullPointerException("the publisher sent no " + what);
        fail(e);
        throw e;
      }
    }

    private void fail(Throwable reason) {
      if (!completed) {
        boolean _ = failure.compareAndSet(null, reason);
        LockSupport.unpark(reader);
      }
    }

    @Override
    public void onComplete() {
      ended = true;
      completed = true;
      LockSupport.unpark(reader);
    }
  }
}
