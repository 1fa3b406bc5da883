package io.github.jpopen.posix.contract;

import io.github.jpopen.contract.PipelineContract;

/** {@link PipelineContract} on POSIX. */
final class PipelineTest extends PipelineContract {}
