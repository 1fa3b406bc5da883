package io.github.jpopen.posix.wait;

import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.util.Set;

/**
 * Makes an interrupt of the waiting thread run a wake-up, since it does not end a system call by
 * itself.
 *
 * <p>A selector is the one public way to have {@link Thread#interrupt} call something, for platform
 * and virtual threads; nothing else of a selector is used.
 */
final class InterruptHook extends AbstractSelector {
  private final Runnable wakeUp;

  @SuppressWarnings("NullAway") // no provider is needed: no channel is ever registered
  InterruptHook(Runnable wakeUp) {
    super(null);
    this.wakeUp = wakeUp;
  }

  /**
   * The current thread is about to wait. If it is interrupted already, the wake-up runs at once.
   */
  void waiting() {
    begin();
  }

  /** The current thread has waited. */
  void waited() {
    end();
  }

  @Override
  public Selector wakeup() {
    wakeUp.run();
    return this;
  }

  @Override
  protected void implCloseSelector() {}

  @Override
  protected SelectionKey register(
      AbstractSelectableChannel channel, int operations, Object attachment) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Set<SelectionKey> keys() {
    return Set.of();
  }

  @Override
  public Set<SelectionKey> selectedKeys() {
    return Set.of();
  }

  @Override
  public int selectNow() {
    return 0;
  }

  @Override
  public int select(long timeout) {
    return 0;
  }

  @Override
  public int select() {
    return 0;
  }
}
