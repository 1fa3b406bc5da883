/**
 * What every platform promises, as abstract tests. A native module runs them by extending each
 * class; nothing here knows an operating system beyond what {@link PosixOnly} marks.
 */
@org.jspecify.annotations.NullMarked
package io.github.jpopen.contract;
