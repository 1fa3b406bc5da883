/** What jpopen costs, beside what else could be used. Run by hand, never by the build. */
@org.jspecify.annotations.NullMarked
package io.github.jpopen.bench;
