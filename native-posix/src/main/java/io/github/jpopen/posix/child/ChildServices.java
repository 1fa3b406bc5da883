package io.github.jpopen.posix.child;

import io.github.jpopen.posix.libc.Posix;
import io.github.jpopen.posix.wait.PollContexts;
import io.github.jpopen.posix.wait.Poller;
import java.util.concurrent.atomic.AtomicInteger;

/** What all children of this process share. Thread-safe. */
public final class ChildServices {
  private final Posix posix;
  private final PollContexts contexts;
  private final Poller poller;
  private final Reaper reaper;
  private final ProcessDescriptors processDescriptors;
  private final TransferBuffers buffers = new TransferBuffers();
  private final AtomicInteger growthsLeft = new AtomicInteger(PipeGrowth.LIMIT);

  /**
   * Makes them.
   *
   * @param pidfd false to do without process descriptors
   * @param epoll false to do without epoll
   */
  public ChildServices(Posix posix, boolean pidfd, boolean epoll) {
    this.posix = posix;
    posix.restoreChildSignal(); // if it fails, exits are unknown at worst
    contexts = new PollContexts(posix);
    poller = new Poller(posix, contexts, epoll);
    reaper = new Reaper(poller);
    processDescriptors = new ProcessDescriptors(posix, pidfd);
  }

  /** The system calls. */
  public Posix posix() {
    return posix;
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

  TransferBuffers buffers() {
    return buffers;
  }

  /** How many more pipes may be made large. */
  AtomicInteger growthsLeft() {
    return growthsLeft;
  }
}
