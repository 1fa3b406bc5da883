package io.github.jpopen.contract;

import io.github.jpopen.Popen;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One use of the library in which a call may fail: what it throws, or where it hangs. */
public final class Attempt {
  private static final long LIMIT_SECONDS = 30;

  private Attempt() {}

  /** What is done. */
  public interface Action {
    void run() throws Exception;
  }

  /** What the action throws on a thread of its own; null if it returns. */
  public static @Nullable Throwable failure(Action action, boolean virtual) throws Exception {
    FutureTask<@Nullable Void> call =
        new FutureTask<>(
            () -> {
              action.run();
              return null;
            });
    Thread thread = virtual ? Thread.ofVirtual().start(call) : Thread.ofPlatform().start(call);
    try {
      call.get(LIMIT_SECONDS, TimeUnit.SECONDS);
      return null;
    } catch (ExecutionException e) {
      return e.getCause();
    } catch (TimeoutException e) {
      AssertionError hangs = new AssertionError("hangs");
      hangs.setStackTrace(thread.getStackTrace());
      return hangs;
    }
  }

  /** A failure with the lines of this library that it passed. */
  public static String text(Throwable failure) {
    StringBuilder text = new StringBuilder(failure.toString());
    for (StackTraceElement frame : failure.getStackTrace()) {
      if (frame.getClassName().startsWith(Popen.class.getPackageName())) {
        text.append(" < ").append(frame.getFileName()).append(':').append(frame.getLineNumber());
      }
    }
    return text.toString();
  }
}
