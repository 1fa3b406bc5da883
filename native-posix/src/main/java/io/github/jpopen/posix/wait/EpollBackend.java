package io.github.jpopen.posix.wait;

import io.github.jpopen.posix.libc.Posix;
import io.github.jpopen.posix.libc.ReadyTokens;
import java.io.IOException;
import java.time.Duration;
import java.util.function.LongConsumer;

/** The descriptors of the poller in an epoll instance: the kernel remembers them, one-shot. */
final class EpollBackend implements PollerBackend {
  private final Posix posix;
  private final int epoll;
  private final ReadyTokens tokens;

  /**
   * Takes over an instance.
   *
   * @param epoll what {@code epoll_create1} answered
   * @param longest how long to wait for something to happen
   */
  EpollBackend(Posix posix, int epoll, Duration longest) {
    this.posix = posix;
    tokens = new ReadyTokens(longest);
    this.epoll = epoll;
  }

  @Override
  public int arm(int descriptor, boolean known, int events, long token) {
    return known
        ? posix.epollModify(epoll, descriptor, events, token)
        : posix.epollAdd(epoll, descriptor, events, token);
  }

  // Closing alone does not remove it while another process has a copy, as a child that another
  // thread is just starting may.
  @Override
  public void remove(int descriptor) {
    posix.epollDelete(epoll, descriptor);
  }

  @Override
  public void await(LongConsumer ready) throws IOException {
    int count = posix.epollWait(epoll, tokens);
    if (count < 0) {
      throw new IOException("epoll_wait: " + posix.constants().errorName(-count));
    }
    for (int i = 0; i < count; i++) {
      ready.accept(tokens.token(i));
    }
  }

  // The kernel forgets what is closed. An event that is still there has a token that none knows.
  @Override
  public void lose(int descriptor, long token) {}

  @Override
  public void close() {
    Closing.close(posix, epoll);
  }
}
