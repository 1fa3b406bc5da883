/**
 * All of jpopen in one dependency: this module has no classes and gives the API of {@code
 * io.github.jpopen}.
 *
 * <p>The native modules come with it at run time only. A modular program may require {@code
 * io.github.jpopen} itself.
 *
 * @since 0.1
 */
module io.github.jpopen.all {
  requires transitive io.github.jpopen;
}
