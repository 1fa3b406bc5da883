/** Which rules of {@code communicate} each library keeps. */
@NullMarked
package io.github.jpopen.bench.conform;

import org.jspecify.annotations.NullMarked;
