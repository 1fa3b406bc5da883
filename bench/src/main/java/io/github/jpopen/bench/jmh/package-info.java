/** The JMH benchmarks. */
@NullMarked
package io.github.jpopen.bench.jmh;

import org.jspecify.annotations.NullMarked;
