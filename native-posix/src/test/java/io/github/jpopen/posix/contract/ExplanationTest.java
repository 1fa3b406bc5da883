package io.github.jpopen.posix.contract;

import io.github.jpopen.contract.ExplanationContract;

/** {@link ExplanationContract} on POSIX. */
final class ExplanationTest extends ExplanationContract {}
