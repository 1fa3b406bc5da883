package io.github.jpopen.contract;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/** The programs that a child has started. Windows may start one more for it, its console. */
public final class Descendants {
  private static final String CONSOLE = "conhost.exe";

  private Descendants() {}

  private static Stream<ProcessHandle> of(ProcessHandle child) {
    return child
        .descendants()
        .filter(process -> !process.info().command().orElse("").endsWith(CONSOLE));
  }

  /** One of them, as soon as there is one. */
  public static ProcessHandle awaitOne(ProcessHandle child) {
    AtomicReference<Optional<ProcessHandle>> found = new AtomicReference<>(Optional.empty());
    Eventually.await(
        "it has started a program", () -> found.updateAndGet(_ -> of(child).findAny()).isPresent());
    return found.get().orElseThrow(); // it may have ended meanwhile
  }
}
