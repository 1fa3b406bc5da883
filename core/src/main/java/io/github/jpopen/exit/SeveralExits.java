package io.github.jpopen.exit;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.github.jpopen.concurrent.CarrierProbe;
import io.github.jpopen.conversation.ExitWatch;
import io.github.jpopen.spi.Deadline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Waiting for several children at once. */
public final class SeveralExits {
  private static final long FIRST_PAUSE_NANOS = MILLISECONDS.toNanos(20);
  private static final long LONGEST_PAUSE_NANOS = MILLISECONDS.toNanos(80);

  private SeveralExits() {}

  /**
   * Waits until one of the children has ended.
   *
   * @param <P> a child
   * @param children in any number
   * @param exitOf a child's exit
   * @param deadline of the wait
   * @return the first that is known to have ended; empty if the deadline passed, or without
   *     children
   * @throws InterruptedException if the thread was interrupted
   */
  public static <P> Optional<P> any(
      Collection<P> children, Function<? super P, ExitAccess> exitOf, Deadline deadline)
      throws InterruptedException {
    Map<ExitAccess, P> all = answered(children, exitOf);
    Optional<P> known = firstSeen(all);
    if (known.isPresent()) {
      return known;
    }
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    Optional<P> ended = look(all);
    return ended.isPresent() || all.isEmpty() || deadline.hasPassed() ? ended : race(all, deadline);
  }

  private static <P> Optional<P> look(Map<ExitAccess, P> all) {
    for (Map.Entry<ExitAccess, P> child : all.entrySet()) {
      if (child.getKey().look()) {
        return Optional.of(child.getValue());
      }
    }
    return Optional.empty();
  }

  private static <P> Optional<P> race(Map<ExitAccess, P> all, Deadline deadline)
      throws InterruptedException {
    CompletableFuture<P> first = new CompletableFuture<>();
    Map<ExitAccess, ExitWatch.Listener> listeners = new LinkedHashMap<>();
    try {
      all.forEach(
          (exit, child) -> {
            ExitWatch.Listener listener = failure -> complete(first, child, failure);
            listeners.put(exit, listener);
            exit.sendUnsent();
            exit.add(listener);
          });
      return await(first, all, deadline);
    } catch (InterruptedException e) {
      all.keySet().forEach(exit -> exit.closeRule().interrupted());
      throw e;
    } catch (ExecutionException e) {
      throw unchecked(e.getCause());
    } finally {
      listeners.forEach(ExitAccess::remove);
    }
  }

  /**
   * Waits for the virtual threads that wait for the children. While they get no carrier, and when
   * the time is up, this thread looks at the children itself.
   */
  private static <P> Optional<P> await(
      CompletableFuture<P> first, Map<ExitAccess, P> all, Deadline deadline)
      throws InterruptedException, ExecutionException {
    CarrierProbe carriers = new CarrierProbe();
    long pause = FIRST_PAUSE_NANOS;
    while (true) {
      try {
        return Optional.of(first.get(Math.min(pause, deadline.nanosLeft()), NANOSECONDS));
      } catch (TimeoutException e) {
        boolean late = deadline.hasPassed();
        boolean alone = !late && !carriers.areFree();
        if (alone) {
          all.keySet().forEach(ExitAccess::sendUnsent);
        }
        Optional<P> ended = late || alone ? look(all) : Optional.empty();
        if (late || ended.isPresent()) {
          return ended;
        }
        pause = Math.min(LONGEST_PAUSE_NANOS, 2 * pause);
      }
    }
  }

  /**
   * Waits until all children have ended.
   *
   * @param <P> a child
   * @param children in any number
   * @param exitOf a child's exit
   * @param deadline of the wait
   * @return false if the deadline passed first
   * @throws InterruptedException if the thread was interrupted
   */
  public static <P> boolean all(
      Collection<P> children, Function<? super P, ExitAccess> exitOf, Deadline deadline)
      throws InterruptedException {
    Set<ExitAccess> all = answered(children, exitOf).keySet();
    try {
      for (ExitAccess exit : all) {
        if (!exit.await(deadline)) {
          return false;
        }
      }
      return true;
    } catch (InterruptedException e) {
      all.forEach(exit -> exit.closeRule().interrupted());
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Each child once. A wait for all of them begins, which answers their timeouts. */
  private static <P> Map<ExitAccess, P> answered(
      Collection<P> children, Function<? super P, ExitAccess> exitOf) {
    Map<ExitAccess, P> all = new LinkedHashMap<>();
    for (P child : children) {
      all.put(exitOf.apply(Objects.requireNonNull(child, "child is null")), child);
    }
    all.keySet().forEach(exit -> exit.closeRule().answered());
    return all;
  }

  private static <P> Optional<P> firstSeen(Map<ExitAccess, P> all) {
    return all.entrySet().stream()
        .filter(child -> child.getKey().wasSeen())
        .map(Map.Entry::getValue)
        .findFirst();
  }

  private static <P> void complete(
      CompletableFuture<P> first, P child, @Nullable Throwable failure) {
    if (failure == null) {
      first.complete(child);
    } else {
      first.completeExceptionally(failure);
    }
  }

  private static RuntimeException unchecked(@Nullable Throwable failure) {
    return switch (failure) {
      case RuntimeException e -> e;
      case IOException e -> new UncheckedIOException(e);
      case null, default -> new IllegalStateException(failure);
    };
  }
}
