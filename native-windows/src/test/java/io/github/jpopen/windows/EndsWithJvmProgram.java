package io.github.jpopen.windows;

import static io.github.jpopen.Redirect.DEVNULL;

import io.github.jpopen.Command;
import io.github.jpopen.Popen;
import io.github.jpopen.contract.ChildSteps;

/** Starts a child with {@code killOnExit}, prints its id and that of a grandchild, and waits. */
final class EndsWithJvmProgram extends ChildSteps {
  private EndsWithJvmProgram() {}

  /** The argument is "kept", "closed" or "tree". */
  public static void main(String[] args) throws Exception {
    Command<byte[]> command =
        child(starting(live()), live()).stdin(DEVNULL).stdout(DEVNULL).stderr(DEVNULL).killOnExit();
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
