package io.github.jpopen.testing;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** A test with fakes, which are closed after it. */
@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
abstract class FakeTest {
  final FakePrograms fakes = FakePrograms.install();

  @AfterEach
  final void closeFakes() {
    fakes.close();
  }
}
