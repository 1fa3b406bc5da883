package io.github.jpopen.windows.contract;

import io.github.jpopen.contract.StreamsContract;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** {@link StreamsContract} on Windows. */
@EnabledOnOs(OS.WINDOWS)
final class StreamsTest extends StreamsContract {}
