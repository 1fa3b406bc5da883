package io.github.jpopen.posix.memory;

import io.github.jpopen.Command;
import io.github.jpopen.Popen;
import io.github.jpopen.contract.Resources;
import io.github.jpopen.posix.SubJvm;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Takes all direct memory, as other code may, and ends children from threads that are new. Each
 * child must end, and a kill must not fail, be it of a child or of all that it has started.
 */
public final class DirectMemoryProgram {
  private static final int CHILDREN = 4;
  private static final int TREES = 2;
  private static final int MEMBERS = 3;
  private static final Command<byte[]> FAMILY =
      Command.shell("sleep 60 & sleep 60 & sleep 60 & wait").killTree();

  private DirectMemoryProgram() {}

  /**
   * Runs.
   *
   * @param arguments the file for the result
   */
  public static void main(String[] arguments) throws Exception {
    Command<byte[]> sleep = Command.of("sleep", "60").captureOutput();
    List<Popen<byte[]>> children = new ArrayList<>();
    for (int i = 0; i < CHILDREN; i++) {
      children.add(sleep.killOnClose().start());
    }
    List<Popen<byte[]>> trees = new ArrayList<>();
    for (int i = 0; i < TREES; i++) {
      trees.add(FAMILY.start());
    }
    List<ProcessHandle> families = familiesOf(trees);
    List<ByteBuffer> taken = takeAll();
    Queue<String> problems = new ConcurrentLinkedQueue<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < CHILDREN; i++) {
      Popen<byte[]> child = children.get(i);
      boolean kills = i % 2 == 0;
      Runnable end = () -> end(child, kills, problems);
      threads.add(
          i % 4 < 2 ? Thread.ofPlatform().unstarted(end) : Thread.ofVirtual().unstarted(end));
    }
    for (int i = 0; i < TREES; i++) {
      Popen<byte[]> tree = trees.get(i);
      Runnable end = () -> endTree(tree, problems);
      threads.add(i == 0 ? Thread.ofPlatform().unstarted(end) : Thread.ofVirtual().unstarted(end));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    for (Popen<byte[]> child : children) {
      if (!OwnChildren.holds(() -> Resources.isDead(child.pid()))) {
        problems.add("alive");
      }
    }
    if (!OwnChildren.holds(() -> families.stream().noneMatch(ProcessHandle::isAlive))) {
      problems.add("alive in a tree");
    }
    taken.clear();
    System.gc();
    for (Popen<byte[]> tree : trees) {
      tree.close();
    }
    for (Popen<byte[]> child : children) {
      child.close();
    }
    if (Command.of("echo", "x").captureOutput().run().stdout().length != 2) {
      problems.add("the next child");
    }
    SubJvm.report(arguments[0], problems.isEmpty() ? SubJvm.FINE : problems.toString());
  }

  /** What the children have started, once all of it is there. */
  private static List<ProcessHandle> familiesOf(List<Popen<byte[]>> trees) {
    List<ProcessHandle> all = new ArrayList<>();
    for (Popen<byte[]> tree : trees) {
      ProcessHandle child = tree.toHandle();
      OwnChildren.await("a family of " + MEMBERS, () -> child.descendants().count() == MEMBERS);
      child.descendants().forEach(all::add);
    }
    return all;
  }

  private static void endTree(Popen<byte[]> tree, Queue<String> problems) {
    try {
      // Each look may take half a second, so its time may pass while the last ones end.
      List<ProcessHandle> _ = tree.killTree();
    } catch (RuntimeException | Error e) {
      problems.add(e.toString());
    }
  }

  private static void end(Popen<byte[]> child, boolean kills, Queue<String> problems) {
    try {
      if (!kills) {
        child.close();
      } else if (!child.kill()) {
        problems.add("not killed");
      }
    } catch (Exception | Error e) {
      if (kills
          || !(e instanceof OutOfMemoryError)) { // close also waits, for which it needs memory
        problems.add(e.toString());
      }
    }
  }

  private static List<ByteBuffer> takeAll() {
    List<ByteBuffer> taken = new ArrayList<>();
    for (int size = 1 << 20; size > 0; ) {
      try {
        taken.add(ByteBuffer.allocateDirect(size));
      } catch (OutOfMemoryError e) {
        size /= 8;
      }
    }
    return taken;
  }
}
