package io.github.jpopen;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.github.jpopen.conversation.ExitWatch;
import io.github.jpopen.spi.Deadline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Waiting for several children at once. */
final class SeveralExits {
  private SeveralExits() {}

  static <P extends Popen<?>> Optional<P> any(Collection<P> children, Deadline deadline)
      throws InterruptedException {
    Set<P> all = answered(children);
    Optional<P> known = firstSeen(all);
    if (known.isPresent()) {
      return known;
    }
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    for (P child : all) {
      if (child.poll().isPresent()) {
        return Optional.of(child);
      }
    }
    return all.isEmpty() || deadline.hasPassed() ? Optional.empty() : race(all, deadline);
  }

  private static <P extends Popen<?>> Optional<P> race(Set<P> all, Deadline deadline)
      throws InterruptedException {
    CompletableFuture<P> first = new CompletableFuture<>();
    Map<P, ExitWatch.Listener> listeners = new LinkedHashMap<>();
    try {
      for (P child : all) {
        ExitWatch.Listener listener = failure -> complete(first, child, failure);
        listeners.put(child, listener);
        child.exitWatch().add(listener);
      }
      return Optional.of(
          deadline.isNever() ? first.get() : first.get(deadline.nanosLeft(), NANOSECONDS));
    } catch (InterruptedException e) {
      all.forEach(child -> child.closeRule().interrupted());
      throw e;
    } catch (TimeoutException e) {
      return firstSeen(all);
    } catch (ExecutionException e) {
      throw unchecked(e.getCause());
    } finally {
      listeners.forEach((child, listener) -> child.exitWatch().remove(listener));
    }
  }

  static boolean all(Collection<? extends Popen<?>> children, Deadline deadline)
      throws InterruptedException {
    Set<? extends Popen<?>> all = answered(children);
    try {
      for (Popen<?> child : all) {
        if (!child.awaitExit(deadline)) {
          return false;
        }
      }
      return true;
    } catch (InterruptedException e) {
      all.forEach(child -> child.closeRule().interrupted());
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Each child once. A wait for all of them begins, which answers their timeouts. */
  private static <P extends Popen<?>> Set<P> answered(Collection<P> children) {
    Set<P> all = new LinkedHashSet<>();
    for (P child : children) {
      all.add(Objects.requireNonNull(child, "child"));
    }
    all.forEach(child -> child.closeRule().answered());
    return all;
  }

  private static <P extends Popen<?>> Optional<P> firstSeen(Set<P> all) {
    return all.stream().filter(Popen::hasEnded).findFirst();
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
