package io.github.jpopen.windows;

import static io.github.jpopen.Redirect.DEVNULL;

import io.github.jpopen.Popen;
import io.github.jpopen.contract.ChildSteps;
import io.github.jpopen.contract.Descendants;

/**
 * Starts a child with a job of its own, which starts one more, and prints both ids. Kills them when
 * it gets a line, prints how many survived, and does the same again.
 */
final class NestedJobProgram extends ChildSteps {
  private NestedJobProgram() {}

  /** Runs until its input ends. */
  public static void main(String[] args) throws Exception {
    int line;
    do {
      Popen<byte[]> p =
          child(starting(live()), live())
              .stdin(DEVNULL)
              .stdout(DEVNULL)
              .stderr(DEVNULL)
              .killTree()
              .start();
      ProcessHandle child = ProcessHandle.of(p.pid()).orElseThrow();
      System.out.println(p.pid() + " " + Descendants.awaitOne(child).pid());
      System.out.flush();
      line = System.in.read();
      if (line >= 0) {
        System.out.println(p.killTree().size() + " survived");
      }
    } while (line >= 0);
  }
}
