/**
 * What jextract made of the C headers of Linux; the other files of this package are in {@code
 * src/generated}.
 */
@NullUnmarked
package io.github.jpopen.posix.ffi.linux;

import org.jspecify.annotations.NullUnmarked;
