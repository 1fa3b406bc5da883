package io.github.jpopen.posix.child;

import org.junit.jupiter.api.BeforeEach;

/** {@link ExitTest} where the kernel has no {@code pidfd_open}, or a filter refuses it. */
class ExitWithoutPidfdTest extends ExitTest {
  @Override
  @BeforeEach
  void chooseHowToWait() {
    if (HAS_PIDFD) {
      faults.failAlways("processDescriptor", HOST.constants().ENOSYS());
    }
  }
}
