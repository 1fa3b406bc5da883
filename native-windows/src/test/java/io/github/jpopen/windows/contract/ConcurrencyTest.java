package io.github.jpopen.windows.contract;

import io.github.jpopen.contract.ConcurrencyContract;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** {@link ConcurrencyContract} on Windows. */
@EnabledOnOs(OS.WINDOWS)
final class ConcurrencyTest extends ConcurrencyContract {}
