package io.github.jpopen.windows.contract;

import io.github.jpopen.contract.UsageContract;
import io.github.jpopen.windows.wine.WineSession;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** {@link UsageContract} on Windows. */
@EnabledOnOs(OS.WINDOWS)
final class UsageTest extends UsageContract {
  /** Wine answers 0 for a process that has ended. */
  @Override
  protected boolean reportsPeak() {
    return !WineSession.isWine();
  }
}
