package io.github.jpopen.examples;

import io.github.jpopen.Command;
import io.github.jpopen.CompletedProcess;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Runs several scripts, prints the output of the first that ends, and kills the others. */
public final class FirstAnswer {
  private FirstAnswer() {}

  /** The arguments are scripts; the default is a slow one and a quick one. */
  public static void main(String[] args) throws ExecutionException, InterruptedException {
    List<String> scripts =
        args.length > 0 ? List.of(args) : List.of("sleep 60; echo slow", "sleep 0.1; echo quick");
    List<CompletableFuture<CompletedProcess<String>>> runs =
        scripts.stream()
            .map(script -> Command.shell(script).text().captureOutput().runAsync())
            .toList();
    try {
      CompletableFuture<Object> first =
          CompletableFuture.anyOf(runs.toArray(CompletableFuture[]::new));
      CompletedProcess<?> winner = (CompletedProcess<?>) first.get();
      System.out.print(winner.stdout());
    } finally {
      long killed = runs.stream().filter(run -> run.cancel(true)).count();
      System.out.println("killed " + killed + " of " + runs.size());
    }
  }
}
