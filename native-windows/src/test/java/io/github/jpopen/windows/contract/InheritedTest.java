package io.github.jpopen.windows.contract;

import io.github.jpopen.contract.InheritedContract;
import org.junit.jupiter.api.Disabled;

/** {@link InheritedContract}, which Windows cannot keep. */
@Disabled("descriptors, umask and ids are POSIX; that they are refused is in WindowsTest")
final class InheritedTest extends InheritedContract {}
