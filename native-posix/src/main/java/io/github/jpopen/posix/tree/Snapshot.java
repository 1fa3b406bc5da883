package io.github.jpopen.posix.tree;

import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The processes of this system, as one walk through {@code /proc} has found them. */
final class Snapshot {
  private final Map<Integer, ProcessStat> processes;
  private final boolean complete;
  private final int self;

  private Snapshot(Map<Integer, ProcessStat> processes, boolean complete, int self) {
    this.processes = processes;
    this.complete = complete;
    this.self = self;
  }

  static Snapshot take(ProcFiles proc) throws IOException {
    int before = proc.lastId();
    Map<Integer, ProcessStat> processes = new LinkedHashMap<>();
    for (int pid : proc.processes()) {
      ProcessStat stat = proc.stat(pid);
      if (stat != null) {
        processes.put(pid, stat);
      }
    }
    return new Snapshot(processes, before >= 0 && before == proc.lastId(), proc.self());
  }

  /** Whether no process was started during the walk, so that none can have hidden from it. */
  boolean isComplete() {
    return complete;
  }

  Iterable<ProcessStat> all() {
    return processes.values();
  }

  @Nullable ProcessStat of(int pid) {
    return processes.get(pid);
  }

  /** This process and those above it, which are never killed. */
  Set<Integer> ancestry() {
    Set<Integer> ids = new HashSet<>();
    ProcessStat next = processes.get(self);
    ids.add(self);
    while (next != null && ids.add(next.parent())) {
      next = processes.get(next.parent());
    }
    ids.add(1);
    return ids;
  }
}
