/** The short comparison: plays the rounds in turn, and writes the report. */
@NullMarked
package io.github.jpopen.bench.compare;

import org.jspecify.annotations.NullMarked;
