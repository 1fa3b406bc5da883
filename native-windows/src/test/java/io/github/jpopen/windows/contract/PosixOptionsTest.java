package io.github.jpopen.windows.contract;

import io.github.jpopen.contract.PosixOptionsContract;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** {@link PosixOptionsContract} on Windows. */
@EnabledOnOs(OS.WINDOWS)
final class PosixOptionsTest extends PosixOptionsContract {}
