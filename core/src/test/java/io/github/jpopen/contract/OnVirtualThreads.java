package io.github.jpopen.contract;

import java.lang.reflect.Method;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * Runs the body of every test on a virtual thread, if the system property {@code
 * jpopen.test.virtual} is {@code true}: the same suite, the other kind of thread.
 *
 * <p>Together with {@code -Djdk.virtualThreadScheduler.parallelism=1} a call that holds the carrier
 * while it waits for another virtual thread hangs, and its test fails.
 */
public final class OnVirtualThreads implements InvocationInterceptor {
  private static final boolean WANTED = Boolean.getBoolean("jpopen.test.virtual");

  /** For JUnit. */
  public OnVirtualThreads() {}

  @Override
  public void interceptTestMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    proceed(invocation);
  }

  @Override
  public void interceptTestTemplateMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    proceed(invocation);
  }

  @SuppressWarnings("CatchingUnchecked") // what a test throws goes on as it is
  private static void proceed(Invocation<Void> invocation) throws Throwable {
    if (!WANTED) {
      invocation.proceed();
      return;
    }
    CompletableFuture<Void> result = new CompletableFuture<>();
    Thread thread =
        Thread.ofVirtual()
            .name("test")
            .start(
                () -> {
                  try {
                    result.complete(invocation.proceed());
                  } catch (Throwable e) {
                    result.completeExceptionally(e);
                  }
                });
    try {
      thread.join();
      result.join();
    } catch (InterruptedException e) { // the test's time is over
      thread.interrupt();
      throw e;
    } catch (CompletionException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }
}
