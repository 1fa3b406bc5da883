package io.github.jpopen.windows.contract;

import io.github.jpopen.contract.GrandchildContract;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** {@link GrandchildContract} on Windows. */
@EnabledOnOs(OS.WINDOWS)
final class GrandchildTest extends GrandchildContract {}
