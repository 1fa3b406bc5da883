/** The libraries that are compared, each as its documentation says to use it. */
@NullMarked
package io.github.jpopen.bench.peer;

import org.jspecify.annotations.NullMarked;
