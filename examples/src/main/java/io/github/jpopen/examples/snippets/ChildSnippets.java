package io.github.jpopen.examples.snippets;

import static io.github.jpopen.Redirect.PIPE;

import io.github.jpopen.Command;
import io.github.jpopen.CompletedProcess;
import io.github.jpopen.ExitStatus;
import io.github.jpopen.Popen;
import io.github.jpopen.ResourceUsage;
import io.github.jpopen.Signal;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What can be done with a child that runs, and with one that has ended. */
public final class ChildSnippets {
  private ChildSnippets() {}

  /** Runs them all. */
  public static void main(String[] args) throws IOException, InterruptedException {
    popen();
    completed();
    exitStatus();
    signal();
    ending();
    usage();
    killTree();
    dialogue();
    awaitLine();
    within();
    explain();
  }

  private static void usage() throws IOException, InterruptedException {
    // @start region=usage :
    CompletedProcess<byte[]> sort = Command.of("sort", "/etc/passwd").captureOutput().run();
    ResourceUsage usage = sort.usage().orElseThrow();
    IO.println(usage.cpuTime().toMillis() < 10_000); // true
    usage.peakMemory().ifPresent(bytes -> IO.println("peak: " + bytes + " bytes"));
    // @end
  }

  private static void dialogue() throws IOException {
    // @start region=dialogue :
    Command<String> echo = Command.of("cat").text().stdin(PIPE).stdout(PIPE);
    try (Popen<String> child = echo.start()) {
      child.stdinWriter().write("a question\n");
      IO.println(child.stdoutReader().readLine()); // sends it first, so no flush is needed
    } // closes stdin, which ends cat
    // @end
  }

  private static void ending() throws IOException, InterruptedException {
    // @start region=ending :
    Command<String> stubborn =
        Command.shell("trap '' TERM; echo up; while :; do sleep 1; done").text();
    try (Popen<String> child = stubborn.stdout(PIPE).start()) {
      child.stdoutReader().readLine();
      child.stop(Duration.ofMillis(200));
      IO.println(child.ending()); // CALLER: SIGTERM, SIGKILL
    }
    // @end
  }

  private static void killTree() throws IOException, InterruptedException {
    // @start region=killTree :
    Command<byte[]> build = Command.shell("sleep 60 & sleep 60 & wait").killTree();
    try (Popen<byte[]> child = build.start()) {
      List<ProcessHandle> left = child.killTree();
      IO.println(left.size() + " survived, exit code " + child.waitFor()); // 0, -9
    }
    // @end
  }

  private static void popen() throws IOException, InterruptedException {
    // @start region=popen :
    Command<String> server = Command.shell("echo ready; exec sleep 60").text().stdout(PIPE);
    try (Popen<String> child = server.killOnClose().start()) {
      String line = child.stdoutReader().readLine(); // waits until the server is ready
      IO.println("process " + child.pid() + " is " + line);
      child.stop(Duration.ofSeconds(5)); // SIGTERM; SIGKILL if it has not ended by then
    } // closes the pipes
    // @end
  }

  private static void completed() throws IOException, InterruptedException {
    // @start region=completed :
    CompletedProcess<String> ls = Command.of("ls", "/").text().captureOutput().run();
    if (!ls.stderr().isEmpty()) {
      IO.print("warnings: " + ls.stderr());
    }
    String names = ls.checkReturncode().stdout(); // CalledProcessException unless it is 0
    // @end
    IO.println(names.contains("tmp"));
  }

  private static void exitStatus() throws IOException, InterruptedException {
    // @start region=exitStatus :
    ExitStatus status = Command.shell("kill -KILL $$").run().status();
    String how =
        switch (status) {
          case ExitStatus.Exited(int code) -> "exit code " + code;
          case ExitStatus.Signaled(Signal signal, boolean core) -> "killed by " + signal;
          case ExitStatus.Unknown() -> "unknown";
        };
    IO.println(how); // killed by SIGKILL
    // @end
  }

  private static void signal() throws IOException, InterruptedException {
    // @start region=signal :
    Command<String> waiting =
        Command.shell("trap 'exit 7' USR1; echo ready; sleep 60 & wait").text();
    try (Popen<String> child = waiting.stdout(PIPE).killOnClose().start()) {
      child.stdoutReader().readLine(); // from now on the trap is set
      child.sendSignal(Signal.SIGUSR1);
      IO.println(child.waitFor()); // 7
    }
    // @end
  }

  private static void awaitLine() throws IOException, InterruptedException {
    // @start region=awaitLine :
    Command<String> server = Command.shell("echo starting; echo ready on 8080; sleep 60").text();
    try (Popen<String> child = server.captureOutput().killOnClose().start()) {
      String ready = child.awaitLine(line -> line.startsWith("ready"), Duration.ofSeconds(10));
      IO.println(ready); // ready on 8080
    }
    // @end
  }

  private static void within() throws IOException {
    // @start region=within :
    try (Popen<String> child = Command.of("cat").text().stdin(PIPE).stdout(PIPE).start()) {
      child.stdinWriter().write("a question\n");
      Duration limit = Duration.ofSeconds(5);
      IO.println(child.within(limit, () -> child.stdoutReader().readLine())); // a question
      child.stdinWriter().write("1234");
      byte[] number = child.within(limit, () -> child.stdout().readNBytes(4)); // all four, or none
      IO.println(number.length); // 4
    }
    // @end
  }

  private static void explain() throws IOException {
    // @start region=explain :
    try (Popen<byte[]> child = Command.of("sleep", "60").captureOutput().killOnClose().start()) {
      CompletableFuture<?> hanging = child.communicateAsync(Duration.ofMinutes(5));
      IO.println(child.explain()); // command "sleep", process 4711: lives, and waits ...
      hanging.cancel(true);
    }
    // @end
  }
}
