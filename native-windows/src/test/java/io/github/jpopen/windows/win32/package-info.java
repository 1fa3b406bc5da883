/** The binding layer against the generated classes. */
@NullMarked
package io.github.jpopen.windows.win32;

import org.jspecify.annotations.NullMarked;
