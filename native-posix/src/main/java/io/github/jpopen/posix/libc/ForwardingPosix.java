package io.github.jpopen.posix.libc;

import io.github.jpopen.posix.constants.PosixConstants;
import java.lang.foreign.MemorySegment;

/** Forwards every call. The base of implementations that change some of them. */
public abstract class ForwardingPosix implements Posix {
  final Posix calls;

  /**
   * Wraps an implementation.
   *
   * @param calls the implementation that makes the calls
   */
  protected ForwardingPosix(Posix calls) {
    this.calls = calls;
  }

  @Override
  public PosixConstants constants() {
    return calls.constants();
  }

  @Override
  public int pipe(MemorySegment ends) {
    return calls.pipe(ends);
  }

  @Override
  public int open(MemorySegment path, Access access) {
    return calls.open(path, access);
  }

  @Override
  public int makeDirectory(MemorySegment path, int mode) {
    return calls.makeDirectory(path, mode);
  }

  @Override
  public int removeDirectory(MemorySegment path) {
    return calls.removeDirectory(path);
  }

  @Override
  public int close(int descriptor) {
    return calls.close(descriptor);
  }

  @Override
  public long read(int descriptor, MemorySegment to, long bytes) {
    return calls.read(descriptor, to, bytes);
  }

  @Override
  public long write(int descriptor, MemorySegment from, long bytes) {
    return calls.write(descriptor, from, bytes);
  }

  @Override
  public int duplicate(int descriptor, int lowest) {
    return calls.duplicate(descriptor, lowest);
  }

  @Override
  public int descriptorFlags(int descriptor) {
    return calls.descriptorFlags(descriptor);
  }

  @Override
  public int statusFlags(int descriptor) {
    return calls.statusFlags(descriptor);
  }

  @Override
  public int setCloseOnExec(int descriptor) {
    return calls.setCloseOnExec(descriptor);
  }

  @Override
  public int clearCloseOnExec(int descriptor) {
    return calls.clearCloseOnExec(descriptor);
  }

  @Override
  public int setNonBlocking(int descriptor) {
    return calls.setNonBlocking(descriptor);
  }

  @Override
  public int queued(int descriptor) {
    return calls.queued(descriptor);
  }

  @Override
  public boolean countsWhatIsUnread() {
    return calls.countsWhatIsUnread();
  }

  @Override
  public int setPipeSize(int descriptor, int bytes) {
    return calls.setPipeSize(descriptor, bytes);
  }

  @Override
  public int filePath(int descriptor, MemorySegment path) {
    return calls.filePath(descriptor, path);
  }

  @Override
  public int eventCounter() {
    return calls.eventCounter();
  }

  @Override
  public int poll(PollSet set, long nanos) {
    return calls.poll(set, nanos);
  }

  @Override
  public int epollCreate() {
    return calls.epollCreate();
  }

  @Override
  public int epollAdd(int epoll, int descriptor, int events, long token) {
    return calls.epollAdd(epoll, descriptor, events, token);
  }

  @Override
  public int epollModify(int epoll, int descriptor, int events, long token) {
    return calls.epollModify(epoll, descriptor, events, token);
  }

  @Override
  public int epollDelete(int epoll, int descriptor) {
    return calls.epollDelete(epoll, descriptor);
  }

  @Override
  public int epollWait(int epoll, ReadyTokens ready) {
    return calls.epollWait(epoll, ready);
  }

  @Override
  public int spawn(
      MemorySegment pid,
      MemorySegment path,
      MemorySegment actions,
      MemorySegment attributes,
      MemorySegment argv,
      MemorySegment envp) {
    return calls.spawn(pid, path, actions, attributes, argv, envp);
  }

  @Override
  public int actionsInit(MemorySegment actions) {
    return calls.actionsInit(actions);
  }

  @Override
  public int actionsDestroy(MemorySegment actions) {
    return calls.actionsDestroy(actions);
  }

  @Override
  public int actionsAddDup2(MemorySegment actions, int from, int to) {
    return calls.actionsAddDup2(actions, from, to);
  }

  @Override
  public int actionsAddClose(MemorySegment actions, int descriptor) {
    return calls.actionsAddClose(actions, descriptor);
  }

  @Override
  public int actionsAddCloseFrom(MemorySegment actions, int lowest) {
    return calls.actionsAddCloseFrom(actions, lowest);
  }

  @Override
  public int actionsAddInherit(MemorySegment actions, int descriptor) {
    return calls.actionsAddInherit(actions, descriptor);
  }

  @Override
  public int actionsAddChdir(MemorySegment actions, MemorySegment path) {
    return calls.actionsAddChdir(actions, path);
  }

  @Override
  public int attributesInit(MemorySegment attributes) {
    return calls.attributesInit(attributes);
  }

  @Override
  public int attributesDestroy(MemorySegment attributes) {
    return calls.attributesDestroy(attributes);
  }

  @Override
  public int attributesSetFlags(MemorySegment attributes, int flags) {
    return calls.attributesSetFlags(attributes, flags);
  }

  @Override
  public int attributesSetGroup(MemorySegment attributes, int group) {
    return calls.attributesSetGroup(attributes, group);
  }

  @Override
  public int attributesSetMask(MemorySegment attributes, MemorySegment signals) {
    return calls.attributesSetMask(attributes, signals);
  }

  @Override
  public int attributesSetDefaults(MemorySegment attributes, MemorySegment signals) {
    return calls.attributesSetDefaults(attributes, signals);
  }

  @Override
  public int cloexecDefault() {
    return calls.cloexecDefault();
  }

  @Override
  public boolean hasCloseFrom() {
    return calls.hasCloseFrom();
  }

  @Override
  public boolean hasChdir() {
    return calls.hasChdir();
  }

  @Override
  public boolean findsProgramAfterChdir() {
    return calls.findsProgramAfterChdir();
  }

  @Override
  public int closeRangeUnshared(int first) {
    return calls.closeRangeUnshared(first);
  }

  @Override
  public int unshareFilesAndDirectory() {
    return calls.unshareFilesAndDirectory();
  }

  @Override
  public int setMask(int mask) {
    return calls.setMask(mask);
  }

  @Override
  public int findUser(
      MemorySegment name, MemorySegment entry, MemorySegment text, MemorySegment found) {
    return calls.findUser(name, entry, text, found);
  }

  @Override
  public int findGroup(
      MemorySegment name, MemorySegment entry, MemorySegment text, MemorySegment found) {
    return calls.findGroup(name, entry, text, found);
  }

  @Override
  public int effectiveUser() {
    return calls.effectiveUser();
  }

  @Override
  public int effectiveGroup() {
    return calls.effectiveGroup();
  }

  @Override
  public int threadGroups(int count, MemorySegment groups) {
    return calls.threadGroups(count, groups);
  }

  @Override
  public int dropAmbientCapabilities() {
    return calls.dropAmbientCapabilities();
  }

  @Override
  public int setThreadUser(int user) {
    return calls.setThreadUser(user);
  }

  @Override
  public int setThreadGroup(int group) {
    return calls.setThreadGroup(group);
  }

  @Override
  public int setThreadGroups(int count, MemorySegment groups) {
    return calls.setThreadGroups(count, groups);
  }

  @Override
  public int dumpable() {
    return calls.dumpable();
  }

  @Override
  public int setDumpable(int dumpable) {
    return calls.setDumpable(dumpable);
  }

  @Override
  public int chdir(MemorySegment path) {
    return calls.chdir(path);
  }

  @Override
  public MemorySegment environment() {
    return calls.environment();
  }

  @Override
  public String libraryVersion() {
    return calls.libraryVersion();
  }

  @Override
  public int waitId(
      int idType, ProcessNumber id, MemorySegment info, int options, MemorySegment usage) {
    return calls.waitId(idType, id, info, options, usage);
  }

  @Override
  public boolean hasProcFiles() {
    return calls.hasProcFiles();
  }

  @Override
  public int processDescriptor(int pid) {
    return calls.processDescriptor(pid);
  }

  @Override
  public int signalDescriptor(ProcessNumber descriptor, int signal) {
    return calls.signalDescriptor(descriptor, signal);
  }

  @Override
  public int kill(int pid, int signal) {
    return calls.kill(pid, signal);
  }

  @Override
  public int firstRealTimeSignal() {
    return calls.firstRealTimeSignal();
  }

  @Override
  public int lastRealTimeSignal() {
    return calls.lastRealTimeSignal();
  }

  @Override
  public int restoreChildSignal() {
    return calls.restoreChildSignal();
  }

  @Override
  public long map(long bytes) {
    return calls.map(bytes);
  }

  @Override
  public long remap(long address, long oldBytes, long newBytes) {
    return calls.remap(address, oldBytes, newBytes);
  }

  @Override
  public int adviseHugePages(long address, long bytes) {
    return calls.adviseHugePages(address, bytes);
  }

  @Override
  public int unmap(long address, long bytes) {
    return calls.unmap(address, bytes);
  }
}
