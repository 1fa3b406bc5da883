package io.github.jpopen.windows.contract;

import io.github.jpopen.contract.AsyncContract;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** {@link AsyncContract} on Windows. */
@EnabledOnOs(OS.WINDOWS)
final class AsyncTest extends AsyncContract {}
