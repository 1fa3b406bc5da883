/** What the tests need under Wine. */
@NullMarked
package io.github.jpopen.windows.wine;

import org.jspecify.annotations.NullMarked;
