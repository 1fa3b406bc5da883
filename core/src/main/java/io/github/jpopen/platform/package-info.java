/**
 * Finding the native module that serves this system. Exported to the testing module only.
 *
 * <p>A class belongs here if it looks for the {@link io.github.jpopen.spi.ProcessPlatform} of this
 * JVM, keeps the one in use, or says why there is none. A native module is found, and needs none of
 * it. What a platform must supply belongs to {@code io.github.jpopen.spi}.
 */
@org.jspecify.annotations.NullMarked
package io.github.jpopen.platform;
