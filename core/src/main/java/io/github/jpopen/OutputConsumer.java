package io.github.jpopen;

/**
 * Gets the outputs of a child while they come, see {@link Command#onLine} and {@link
 * Command#onChunk}.
 *
 * @param <P> the type of a part: {@code String} for lines, {@code byte[]} for chunks
 * @since 0.1
 */
@FunctionalInterface
public interface OutputConsumer<P> {
  /**
   * Takes the next part of an output.
   *
   * @param stream which output it is
   * @param part the line without its end, or at least one byte
   * @throws Exception to end the call, which throws a {@link SubprocessException} with this as its
   *     cause. An {@link InterruptedException} and an {@link Error} are thrown as they are
   */
  void accept(StreamName stream, P part) throws Exception;
}
