package io.github.jpopen.windows.contract;

import io.github.jpopen.contract.ExplanationContract;

/** {@link ExplanationContract} on Windows. */
final class ExplanationTest extends ExplanationContract {}
