package io.github.jpopen.posix;

import io.github.jpopen.posix.libc.Posix;
import java.util.concurrent.atomic.AtomicInteger;

/** What all children of this process share. Thread-safe. */
final class PosixRuntime {
  private final Posix posix;
  private final Waiters waiters;
  private final Poller poller;
  private final Reaper reaper;
  private final SpawnTiers tiers;
  private final ProcessDescriptors processDescriptors;
  private final StandardDescriptors standardDescriptors;
  private final TransferBuffers buffers = new TransferBuffers();
  private final AtomicInteger growthsLeft = new AtomicInteger(PipeGrowth.LIMIT);

  PosixRuntime(Posix posix, Settings settings) {
    this.posix = posix;
    posix.restoreChildSignal(); // if it fails, exits are unknown at worst
    waiters = new Waiters(posix);
    poller = new Poller(posix, waiters, settings.epoll());
    reaper = new Reaper(poller);
    tiers = new SpawnTiers(posix, settings.tier());
    processDescriptors = new ProcessDescriptors(posix, settings.pidfd());
    standardDescriptors = new StandardDescriptors(posix);
  }

  Posix posix() {
    return posix;
  }

  Waiters waiters() {
    return waiters;
  }

  Poller poller() {
    return poller;
  }

  Reaper reaper() {
    return reaper;
  }

  SpawnTiers tiers() {
    return tiers;
  }

  ProcessDescriptors processDescriptors() {
    return processDescriptors;
  }

  StandardDescriptors standardDescriptors() {
    return standardDescriptors;
  }

  TransferBuffers buffers() {
    return buffers;
  }

  /** How many more pipes may be made large. */
  AtomicInteger growthsLeft() {
    return growthsLeft;
  }
}
