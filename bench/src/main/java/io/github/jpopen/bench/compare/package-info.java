/** The program of the short comparison: chooses the cases and writes the report. */
@NullMarked
package io.github.jpopen.bench.compare;

import org.jspecify.annotations.NullMarked;
