/** The built jars, and programs of many kinds that use them. */
@NullMarked
package io.github.jpopen.it;

import org.jspecify.annotations.NullMarked;
