package io.github.jpopen.posix.child;

import org.junit.jupiter.api.BeforeEach;

/** {@link ReaperTest} without process descriptors. */
class ReaperWithoutPidfdTest extends ReaperTest {
  @Override
  @BeforeEach
  void chooseHowToWait() {
    if (HAS_PIDFD) {
      faults.failAlways("processDescriptor", HOST.constants().ENOSYS());
    }
  }

  @Override
  boolean polls() {
    return false;
  }
}
