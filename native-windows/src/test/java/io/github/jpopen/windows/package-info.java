/** Tests of the parts that only Windows has. */
@NullMarked
package io.github.jpopen.windows;

import org.jspecify.annotations.NullMarked;
