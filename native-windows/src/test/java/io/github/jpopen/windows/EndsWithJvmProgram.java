package io.github.jpopen.windows;

import static io.github.jpopen.Redirect.DEVNULL;

import io.github.jpopen.Command;
import io.github.jpopen.Popen;
import io.github.jpopen.contract.ChildSteps;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts a child with {@code killOnExit}, prints its id and that of a grandchild, and waits. */
final class EndsWithJvmProgram extends ChildSteps {
  /** Ends the name of the file that asks a process whether it lives. */
  static final String ASKED = "-asked";

  /** Ends the name of the file by which it answers. */
  static final String ANSWERED = "-answered";

  private EndsWithJvmProgram() {}

  private static Step[] answering(Path directory, String name, Step... before) {
    List<Step> steps = new ArrayList<>(List.of(before));
    steps.add(awaitFile(directory.resolve(name + ASKED)));
    steps.add(touch(directory.resolve(name + ANSWERED)));
    steps.add(live());
    return steps.toArray(Step[]::new);
  }

  /** The arguments are "kept", "closed" or "tree", and where the files are. */
  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[1]);
    Command<byte[]> command =
        child(answering(directory, "child", starting(answering(directory, "grandchild"))))
            .stdin(DEVNULL)
            .stdout(DEVNULL)
            .stderr(DEVNULL)
            .killOnExit();
    Popen<byte[]> p = (args[0].equals("tree") ? command.killTree() : command).start();
    ProcessHandle child = ProcessHandle.of(p.pid()).orElseThrow();
    while (child.descendants().findAny().isEmpty()) {
      Thread.sleep(10);
    }
    ProcessHandle grandchild = child.descendants().findAny().orElseThrow();
    if (args[0].equals("closed")) {
      Thread.currentThread().interrupt(); // or it would wait for the exit
      p.close();
      boolean _ = Thread.interrupted();
    }
    System.out.println(p.pid() + " " + grandchild.pid());
    System.out.flush();
    Thread.sleep(60_000);
    p.kill();
  }
}
