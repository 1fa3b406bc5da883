package io.github.jpopen.posix.kernel;

import io.github.jpopen.posix.wait.StepWaker;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/**
 * Bytes that are there once a thread waits in a step. Until then its child has nothing to do, so
 * the thread has to wait.
 */
final class GatedInput extends InputStream {
  private static final long PAUSE_NANOS = 1_000_000;

  private final Thread waiting;
  private final ByteArrayInputStream bytes;
  private volatile boolean closed;

  GatedInput(Thread waiting, byte[] bytes) {
    this.waiting = waiting;
    this.bytes = new ByteArrayInputStream(bytes);
  }

  @Override
  public int read() {
    awaitWaiting();
    return bytes.read();
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    awaitWaiting();
    return bytes.read(target, offset, length);
  }

  private void awaitWaiting() {
    while (bytes.available() > 0 && !closed && !waits()) {
      LockSupport.parkNanos(this, PAUSE_NANOS);
    }
  }

  // It waits again and again, because the child's answer needs what is read here.
  private boolean waits() {
    return Arrays.stream(waiting.getStackTrace())
        .anyMatch(frame -> frame.getClassName().equals(StepWaker.class.getName()));
  }

  @Override
  public void close() {
    closed = true;
  }
}
