/** Contenders that play rounds in turn, and what the rounds measured, whatever is played. */
@NullMarked
package io.github.jpopen.bench.measure;

import org.jspecify.annotations.NullMarked;
