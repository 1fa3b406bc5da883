package io.github.jpopen.posix.child;

import io.github.jpopen.posix.libc.Posix;
import io.github.jpopen.posix.tree.ProcessDescriptors;
import io.github.jpopen.posix.tree.ProcessTree;
import io.github.jpopen.posix.wait.PollContexts;
import io.github.jpopen.posix.wait.Poller;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** What all children of this process share. Thread-safe. */
public final class ChildServices {
  private final Posix posix;
  private final PollContexts contexts;
  private final Poller poller;
  private final Reaper reaper;
  private final ProcessDescriptors processDescriptors;
  private final UnwatchedChildren unwatched;
  private final Posix opening;
  private final TransferBuffers buffers = new TransferBuffers();
  private final AtomicInteger growthsLeft = new AtomicInteger(PipeGrowth.LIMIT);

  /**
   * Makes them.
   *
   * @param pidfd false to do without process descriptors
   * @param epoll false to do without epoll
   * @param idle after which time without work a thread ends
   */
  public ChildServices(Posix posix, boolean pidfd, boolean epoll, Duration idle) {
    this.posix = posix;
    posix.restoreChildSignal(); // if it fails, exits are unknown at worst
    unwatched = new UnwatchedChildren(idle);
    opening = new Reclaiming(posix, unwatched, true);
    Posix waiting = new Reclaiming(posix, unwatched, false); // a wait has a deadline
    contexts = new PollContexts(waiting);
    poller = new Poller(waiting, contexts, epoll, idle);
    reaper = new Reaper(poller);
    processDescriptors = new ProcessDescriptors(opening, pidfd);
  }

  /** The system calls. */
  public Posix posix() {
    return posix;
  }

  /** The same for what opens descriptors at the start of a child. */
  public Posix opening() {
    return opening;
  }

  /** How often something was given back so far, for {@link #giveBack(long)}. */
  public long countGivenBack() {
    return unwatched.countGivenBack();
  }

  /**
   * Gives back what dead and unreachable children hold, after a call has met a limit.
   *
   * @param before what {@link #countGivenBack} returned before the call
   * @return whether anything was given back since then, by any thread
   */
  public boolean giveBack(long before) {
    return unwatched.giveBack(before);
  }

  /**
   * Gives back what dead and unreachable children hold.
   *
   * @return whether there was anything
   */
  public boolean giveBack() {
    return unwatched.giveBack();
  }

  /** A child begins or ends: work that found no thread may find one now. Takes no memory. */
  void resume() {
    reaper.resume();
    unwatched.resume();
  }

  UnwatchedChildren unwatched() {
    return unwatched;
  }

  PollContexts contexts() {
    return contexts;
  }

  Poller poller() {
    return poller;
  }

  Reaper reaper() {
    return reaper;
  }

  ProcessDescriptors processDescriptors() {
    return processDescriptors;
  }

  /** Makes what one tree needs of what all children share. */
  ProcessTree.Services trees() {
    return new ProcessTree.Services(posix, processDescriptors, contexts, poller);
  }

  TransferBuffers buffers() {
    return buffers;
  }

  /** How many more pipes may be made large. */
  AtomicInteger growthsLeft() {
    return growthsLeft;
  }
}
