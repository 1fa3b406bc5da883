/** The contract tests of core on Windows. */
@NullMarked
package io.github.jpopen.windows.contract;

import org.jspecify.annotations.NullMarked;
