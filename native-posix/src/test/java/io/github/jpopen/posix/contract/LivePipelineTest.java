package io.github.jpopen.posix.contract;

import io.github.jpopen.contract.LivePipelineContract;

/** {@link LivePipelineContract} on POSIX. */
final class LivePipelineTest extends LivePipelineContract {}
