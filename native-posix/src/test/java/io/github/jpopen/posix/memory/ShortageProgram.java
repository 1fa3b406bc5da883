package io.github.jpopen.posix.memory;

import io.github.jpopen.contract.Resources;
import io.github.jpopen.posix.memory.Shortage.Operation;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Does each operation again and again, while memory is refused at one place after the other, until
 * it passes without a refusal.
 */
public final class ShortageProgram {
  /** How long a shortage lasts where no child must die. */
  private static final long SHORTAGE_NANOS = 20_000_000;

  /** How long it lasts at most where one must. Less than the library's patience. */
  private static final long LONGEST_NANOS = 500_000_000;

  private static final int MOST_PROBLEMS = 5;

  private final Operation operation;
  private final boolean virtual;
  private final boolean lasting;
  private final List<String> problems = new ArrayList<>();
  private Resources before = Resources.now();
  private int openBefore;

  private ShortageProgram(Operation operation, boolean virtual, boolean lasting) {
    this.operation = operation;
    this.virtual = virtual;
    this.lasting = lasting;
  }

  /**
   * Runs.
   *
   * @param arguments the file for the result, and names of operations
   */
  public static void main(String[] arguments) throws Exception {
    List<Operation> operations =
        arguments.length == 1
            ? List.of(Operation.values())
            : Arrays.stream(arguments).skip(1).map(Operation::valueOf).toList();
    List<String> lines = new ArrayList<>();
    for (Operation operation : operations) {
      for (String kind : operation.threads()) {
        boolean virtual = kind.equals("virtual");
        long start = System.nanoTime();
        ShortageProgram once = new ShortageProgram(operation, virtual, false);
        int points = once.enumerate();
        ShortageProgram lasting = new ShortageProgram(operation, virtual, true);
        int more = lasting.enumerate();
        List<String> problems = new ArrayList<>(once.problems);
        problems.addAll(lasting.problems);
        lines.add(
            operation
                + " "
                + kind
                + ": "
                + points
                + " once, "
                + more
                + " lasting, "
                + (System.nanoTime() - start) / 1_000_000
                + " ms"
                + (problems.isEmpty() ? "" : "; " + String.join("; ", problems)));
        System.out.println(lines.getLast());
      }
    }
    Files.write(Path.of(arguments[0]), lines);
  }

  private int enumerate() throws Exception {
    for (int i = 0; i < 3; i++) {
      attempt(Integer.MAX_VALUE - 1); // links and loads
    }
    before = Resources.now();
    openBefore = open();
    int skipped = operation.make(virtual).skipped();
    int nth = skipped;
    do {
      nth++;
    } while (attempt(nth) && problems.size() < MOST_PROBLEMS);
    return nth - 1 - skipped;
  }

  /** Whether a request was refused. */
  private boolean attempt(int nth) throws Exception {
    Shortage shortage = operation.make(virtual);
    shortage.prepare();
    Runnable body =
        () -> {
          if (lasting) {
            long start = System.nanoTime();
            AllocationPoints.failFrom(
                nth,
                () -> {
                  long passed = System.nanoTime() - start;
                  return shortage.kills()
                      ? passed > LONGEST_NANOS || shortage.isOver()
                      : passed > SHORTAGE_NANOS;
                });
          } else {
            AllocationPoints.failOnce(nth);
          }
          try {
            shortage.act();
          } catch (OutOfMemoryError e) {
            // refused by the test
          } catch (Exception e) {
            // as it may
          } catch (AssertionError e) {
            problem(nth, "act", e);
          }
        };
    Thread thread = virtual ? Thread.startVirtualThread(body) : Thread.ofPlatform().start(body);
    if (!OwnChildren.holds(() -> !thread.isAlive())) {
      AllocationPoints.heal();
      problem(nth, "hangs at " + Arrays.toString(thread.getStackTrace()), null);
      thread.interrupt();
    }
    AllocationPoints.heal();
    if (shortage.kills() && !OwnChildren.holds(() -> OwnChildren.living() == 0)) {
      problem(nth, "child alive", null);
    }
    try {
      shortage.check();
    } catch (Exception | Error e) {
      problem(nth, "check", e);
    }
    if (!OwnChildren.holds(() -> isNothingLeft())) {
      problem(nth, "left behind " + before.more(), null);
      ProcessHandle.current().children().forEach(ProcessHandle::destroyForcibly);
    }
    return AllocationPoints.hasFired();
  }

  // The exact comparison reads the state of every process.
  private boolean isNothingLeft() {
    return (OwnChildren.children() == 0 && open() <= openBefore) || before.more().isEmpty();
  }

  private static int open() {
    String[] names = new File("/proc/self/fd").list();
    return names == null ? Integer.MAX_VALUE : names.length;
  }

  private void problem(int nth, String what, @Nullable Throwable e) {
    StringBuilder text = new StringBuilder();
    text.append(lasting ? "from " : "at ").append(nth).append(" (");
    text.append(AllocationPoints.where()).append("): ").append(what);
    if (e != null) {
      text.append(' ').append(e);
      for (StackTraceElement frame : e.getStackTrace()) {
        text.append(" < ").append(frame.getFileName()).append(':').append(frame.getLineNumber());
      }
    }
    System.out.println("  " + operation + (virtual ? " virtual " : " platform ") + text);
    problems.add(text.toString());
  }
}
