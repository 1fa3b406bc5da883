/** The libraries that are compared, each used as its documentation shows. */
@NullMarked
package io.github.jpopen.bench.peer;

import org.jspecify.annotations.NullMarked;
