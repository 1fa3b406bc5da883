package io.github.jpopen.windows.contract;

import io.github.jpopen.contract.LiveOutputContract;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** {@link LiveOutputContract} on Windows. */
@EnabledOnOs(OS.WINDOWS)
final class LiveOutputTest extends LiveOutputContract {}
