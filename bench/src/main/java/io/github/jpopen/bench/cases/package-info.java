/** What is compared: the cases, the processes that play them, and the tools that they need. */
@NullMarked
package io.github.jpopen.bench.cases;

import org.jspecify.annotations.NullMarked;
