package io.github.jpopen.windows.contract;

import io.github.jpopen.contract.TreeContract;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** {@link TreeContract} on Windows. */
@EnabledOnOs(OS.WINDOWS)
final class TreeTest extends TreeContract {}
