package io.github.jpopen.posix.child;

import org.junit.jupiter.api.BeforeEach;

/** {@link ReaperTest} where there is no process descriptor. */
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
