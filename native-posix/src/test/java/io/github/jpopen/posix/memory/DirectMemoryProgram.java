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
 * child must end, and a kill must not fail.
 */
public final class DirectMemoryProgram {
  private static final int CHILDREN = 4;

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
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    for (Popen<byte[]> child : children) {
      if (!OwnChildren.holds(() -> Resources.isDead(child.pid()))) {
        problems.add("alive");
      }
    }
    taken.clear();
    System.gc();
    for (Popen<byte[]> child : children) {
      child.close();
    }
    if (Command.of("echo", "x").captureOutput().run().stdout().length != 2) {
      problems.add("the next child");
    }
    SubJvm.report(arguments[0], problems.isEmpty() ? SubJvm.FINE : problems.toString());
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
