/** What runs in a JVM of its own, so that it can be measured from outside. */
@NullMarked
package io.github.jpopen.bench.worker;

import org.jspecify.annotations.NullMarked;
