/** That each rule can be broken, and how it is asked. */
@org.jspecify.annotations.NullMarked
package io.github.jpopen.conformance;
