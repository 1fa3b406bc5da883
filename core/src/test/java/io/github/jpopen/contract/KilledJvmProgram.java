package io.github.jpopen.contract;

import static io.github.jpopen.Redirect.DEVNULL;

import io.github.jpopen.Command;
import io.github.jpopen.Popen;
import io.github.jpopen.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Starts a child with {@code killOnExit}, prints its id and that of a grandchild, and waits to be
 * killed: see {@link KilledJvmContract}.
 */
final class KilledJvmProgram extends ChildSteps {
  /** Ends the name of the file that asks a process whether it lives. */
  static final String ASKED = "-asked";

  /** Ends the name of the file by which it answers. */
  static final String ANSWERED = "-answered";

  private KilledJvmProgram() {}

  private static Step[] answering(Path directory, String name, Step... before) {
    List<Step> steps = new ArrayList<>(List.of(before));
    steps.add(awaitFile(directory.resolve(name + ASKED)));
    steps.add(touch(directory.resolve(name + ANSWERED)));
    steps.add(live());
    return steps.toArray(Step[]::new);
  }

  /** The arguments are what happens before the kill, and where the files are. */
  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[1]);
    switch (args[0]) {
      case "session" -> shell("setsid sh -c 'echo $$; exec sleep 600' & wait");
      case "group" -> shell("env -i sh -c 'echo $$; exec sleep 600' & wait");
      case "cgroup" -> cgroup(directory);
      case "kept in a cgroup" -> keptInCgroup(directory, Path.of(args[2]));
      case "many" -> many(Integer.parseInt(args[1]));
      case "unguarded" -> unguarded();
      default -> family(args[0], directory);
    }
    Runtime.getRuntime().halt(args.length); // the test has not killed it in time
  }

  private static void family(String way, Path directory) throws Exception {
    Command<byte[]> command =
        child(answering(directory, "child", starting(answering(directory, "grandchild"))))
            .stdin(DEVNULL)
            .stdout(DEVNULL)
            .stderr(DEVNULL)
            .killOnExit();
    Popen<byte[]> p = (way.equals("tree") ? command.killTree() : command).start();
    ProcessHandle child = ProcessHandle.of(p.pid()).orElseThrow();
    ProcessHandle grandchild = Descendants.awaitOne(child);
    if (way.equals("closed")) {
      Thread.currentThread().interrupt(); // or it would wait for the exit
      p.close();
      boolean _ = Thread.interrupted();
    }
    if (way.equals("halt")) {
      show(child, grandchild);
      Runtime.getRuntime().halt(0);
    }
    await(child, grandchild);
  }

  /** A tree whose grandchild prints its id. */
  private static void shell(String script) throws Exception {
    Popen<String> p =
        Command.shell(script).text().stdout(Redirect.PIPE).killOnExit().killTree().start();
    long grandchild = Long.parseLong(p.stdoutReader().readLine());
    await(p.toHandle(), ProcessHandle.of(grandchild).orElseThrow());
  }

  /** No tree, but a cgroup that has both. */
  private static void keptInCgroup(Path directory, Path parent) throws Exception {
    Path moved = directory.resolve("moved");
    List<Step> steps = new ArrayList<>(List.of(awaitFile(moved)));
    steps.addAll(
        List.of(answering(directory, "child", starting(answering(directory, "grandchild")))));
    Popen<byte[]> p =
        child(steps.toArray(Step[]::new))
            .stdin(DEVNULL)
            .stdout(DEVNULL)
            .stderr(DEVNULL)
            .posix(o -> o.newCgroupBelow(parent))
            .killOnExit()
            .start();
    Files.createFile(moved);
    ProcessHandle child = ProcessHandle.of(p.pid()).orElseThrow();
    await(child, Descendants.awaitOne(child));
  }

  /** A tree whose daemon only its cgroup shows. It starts it when it was moved there. */
  private static void cgroup(Path parent) throws Exception {
    String daemon = "(setsid env -i sh -c 'echo $$; exec sleep 600' &)";
    Popen<String> p =
        Command.shell("read go; " + daemon + "; exec sleep 600")
            .posix(o -> o.newCgroupBelow(parent))
            .text()
            .stdin(Redirect.PIPE)
            .stdout(Redirect.PIPE)
            .killOnExit()
            .killTree()
            .start();
    p.stdinWriter().write("go\n");
    p.stdinWriter().flush();
    long grandchild = Long.parseLong(p.stdoutReader().readLine());
    await(p.toHandle(), ProcessHandle.of(grandchild).orElseThrow());
  }

  /** Children of which every second one has ended when the JVM is killed. */
  private static void many(int count) throws Exception {
    List<ProcessHandle> alive = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Popen<byte[]> p = Command.of("sleep", "600").killOnExit().start();
      if (i % 2 == 0) {
        alive.add(p.toHandle());
      } else {
        p.kill();
        p.waitFor();
      }
    }
    await(alive.toArray(ProcessHandle[]::new));
  }

  /** The guard is killed; the one that comes with the next child knows the first as well. */
  private static void unguarded() throws Exception {
    Popen<byte[]> first = Command.of("sleep", "600").killOnExit().start();
    ProcessHandle guard =
        ProcessHandle.current()
            .children()
            .filter(process -> process.pid() != first.pid())
            .findAny()
            .orElseThrow();
    guard.destroyForcibly();
    Eventually.await("the guard has ended", () -> Resources.isDead(guard.pid()));
    Popen<byte[]> second = Command.of("sleep", "600").killOnExit().start();
    await(first.toHandle(), second.toHandle());
  }

  private static void show(ProcessHandle... processes) {
    System.out.println(
        Stream.of(processes).map(p -> Long.toString(p.pid())).collect(Collectors.joining(" ")));
    System.out.flush();
  }

  private static void await(ProcessHandle... processes) throws InterruptedException {
    show(processes);
    Thread.sleep(Duration.ofMinutes(1));
    Stream.of(processes).forEach(ProcessHandle::destroyForcibly);
  }
}
