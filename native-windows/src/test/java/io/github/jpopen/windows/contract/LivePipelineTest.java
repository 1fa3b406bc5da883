package io.github.jpopen.windows.contract;

import io.github.jpopen.contract.LivePipelineContract;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** {@link LivePipelineContract} on Windows. */
@EnabledOnOs(OS.WINDOWS)
final class LivePipelineTest extends LivePipelineContract {}
