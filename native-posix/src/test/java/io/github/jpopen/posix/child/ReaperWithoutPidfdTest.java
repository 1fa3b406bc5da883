package io.github.jpopen.posix.child;

import org.junit.jupiter.api.BeforeEach;

/** {@link ReaperTest} without process descriptors. */
class ReaperWithoutPidfdTest extends ReaperTest {
  @Override
  @BeforeEach
  void chooseHowToWait() {
    faults.failAlways("processDescriptor", HOST.numbers().ENOSYS());
  }
}
