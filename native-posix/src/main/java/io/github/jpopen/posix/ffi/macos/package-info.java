/**
 * What jextract made of the C headers of macOS; the other files of this package are in {@code
 * src/generated}.
 */
@NullUnmarked
package io.github.jpopen.posix.ffi.macos;

import org.jspecify.annotations.NullUnmarked;
