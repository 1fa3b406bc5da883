package io.github.jpopen.windows.contract;

import io.github.jpopen.contract.PipelineContract;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** {@link PipelineContract} on Windows. */
@EnabledOnOs(OS.WINDOWS)
final class PipelineTest extends PipelineContract {}
