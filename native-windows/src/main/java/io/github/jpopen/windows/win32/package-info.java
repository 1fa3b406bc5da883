/**
 * The binding layer: one method for each native call, its error captured in the same downcall. The
 * only package that sees the generated classes.
 *
 * <p>The calls go through the typed wrappers that jextract generated, each of which links its own
 * signature on first use. The POSIX layer instead links one shape for all calls, because that makes
 * the first child of a JVM faster. Here one shape would have to take the fourteen arguments of
 * NtCreateNamedPipeFile, and what it would gain on Windows is unknown. The typed wrappers take
 * their signatures from the headers, so none is written by hand.
 */
package io.github.jpopen.windows.win32;
