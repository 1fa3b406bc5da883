/**
 * The rules of {@code communicate}, which any library that runs programs can be checked against.
 *
 * <p>The author of a library implements {@link io.github.jpopen.conformance.ProcessLibrary}. Then
 * there are two ways to check it:
 *
 * <ul>
 *   <li>in tests, with any framework: {@link io.github.jpopen.conformance.Rule} is an enum, and
 *       {@link io.github.jpopen.conformance.Rule#require require} throws an {@code AssertionError};
 *   <li>by {@link io.github.jpopen.conformance.Conformance}, a program that prints a table.
 * </ul>
 *
 * <p>It needs Java 17 and nothing else; jpopen itself need not be there. Children are scripts of
 * {@code /bin/sh} where there is one. Elsewhere, or with {@code
 * -Dio.github.jpopen.conformance.children=java}, they are JVMs, which takes longer. Rules that look
 * at signals, descriptors or zombies need {@code /bin/sh} or {@code /proc}; without, they are
 * {@linkplain io.github.jpopen.conformance.Verdict.NotAsked not asked}.
 *
 * <p>On a slow machine, {@code -Dio.github.jpopen.conformance.patience=3} makes every wait three
 * times as long.
 *
 * @since 0.1
 */
@org.jspecify.annotations.NullMarked
package io.github.jpopen.conformance;
