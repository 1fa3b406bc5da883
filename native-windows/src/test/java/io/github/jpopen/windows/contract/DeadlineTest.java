package io.github.jpopen.windows.contract;

import io.github.jpopen.contract.DeadlineContract;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** {@link DeadlineContract} on Windows. */
@EnabledOnOs(OS.WINDOWS)
final class DeadlineTest extends DeadlineContract {}
