/** Long runs that are not part of the build: {@code mvn -Psoak}. */
@org.jspecify.annotations.NullMarked
package io.github.jpopen.posix.soak;
