package io.github.jpopen.windows.contract;

import io.github.jpopen.contract.EndingContract;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** {@link EndingContract} on Windows. */
@EnabledOnOs(OS.WINDOWS)
final class EndingTest extends EndingContract {}
