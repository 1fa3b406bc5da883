package io.github.jpopen.scripted;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A stream that returns what the test puts into it, and blocks until then. */
public final class Source extends InputStream {
  private static final long LIMIT_SECONDS = 10;
  private static final byte[] END = {};

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Object> next = new ArrayDeque<>(); // byte[] or Throwable
  private @Nullable Thread reader;
  private long given;
  private boolean closed;

  public Source gives(String text) {
    return gives(text.getBytes(UTF_8));
  }

  public Source gives(byte[] bytes) {
    return add(bytes);
  }

  public Source fails(Throwable failure) {
    return add(failure);
  }

  public Source ends() {
    return add(END);
  }

  private Source add(Object what) {
    lock.lock();
    try {
      next.add(what);
      changed.signalAll();
      return this;
    } finally {
      lock.unlock();
    }
  }

  /** How many bytes were read. */
  public long given() {
    lock.lock();
    try {
      return given;
    } finally {
      lock.unlock();
    }
  }

  public boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  public void awaitClosed() {
    await("the source is closed", () -> closed);
  }

  /** Waits until the thread that reads does something else that takes long. */
  public void awaitReaderParked() {
    await(
        "the reader waits elsewhere",
        () -> reader != null && reader.getState() == Thread.State.WAITING);
  }

  private void await(String what, BooleanSupplier condition) {
    lock.lock();
    try {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
      while (!condition.getAsBoolean()) {
        if (System.nanoTime() > end) {
          throw new AssertionError("not within " + LIMIT_SECONDS + " s: " + what);
        }
        long signalled = changed.awaitNanos(1_000_000);
        assert signalled < 1_000_001;
      }
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted before " + what, e);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int read() {
    throw new UnsupportedOperationException("nobody reads an input byte by byte");
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    lock.lock();
    try {
      reader = Thread.currentThread();
      while (next.isEmpty()) {
        changed.await();
      }
      return give(next.removeFirst(), into, offset, length);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    } finally {
      lock.unlock();
    }
  }

  private int give(Object what, byte[] into, int offset, int length) throws IOException {
    return switch (what) {
      case IOException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case byte[] bytes when bytes.length == 0 -> -1;
      case byte[] bytes when bytes.length <= length -> {
        System.arraycopy(bytes, 0, into, offset, bytes.length);
        given += bytes.length;
        yield bytes.length;
      }
      default ->
          throw new AssertionError("a read of " + length + " bytes: too little for the test");
    };
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
