/**
 * What jextract made of the C headers of Windows; the other files of this package are in {@code
 * src/generated}.
 */
@NullUnmarked
package io.github.jpopen.windows.ffi;

import org.jspecify.annotations.NullUnmarked;
