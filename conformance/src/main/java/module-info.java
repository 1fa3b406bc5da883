import org.jspecify.annotations.NullMarked;

/**
 * The rules of {@code communicate}, which any library that runs programs can be checked against.
 *
 * @since 0.1
 */
@NullMarked
module io.github.jpopen.conformance {
  requires static org.jspecify;

  exports io.github.jpopen.conformance;

  uses io.github.jpopen.conformance.ProcessLibrary;
}
