package io.github.jpopen.windows.contract;

import io.github.jpopen.contract.RedirectContract;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** {@link RedirectContract} on Windows. */
@EnabledOnOs(OS.WINDOWS)
final class RedirectTest extends RedirectContract {}
