package io.github.jpopen.windows.contract;

import io.github.jpopen.contract.CancellationContract;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** {@link CancellationContract} on Windows. */
@EnabledOnOs(OS.WINDOWS)
final class CancellationTest extends CancellationContract {}
