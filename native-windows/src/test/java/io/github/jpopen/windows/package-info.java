/** Tests of what is particular to Windows. */
@NullMarked
package io.github.jpopen.windows;

import org.jspecify.annotations.NullMarked;
