import org.jspecify.annotations.NullMarked;

/**
 * Fake programs for the tests of programs that use jpopen.
 *
 * @since 0.1
 */
@NullMarked
module io.github.jpopen.testing {
  requires static org.jspecify;
  requires transitive io.github.jpopen;

  exports io.github.jpopen.testing;
}
