package io.github.jpopen.bench.measure;

/** A participant that plays rounds. */
public interface Contender {
  /**
   * Plays a round.
   *
   * @throws Exception if it cannot be played, or if its result is wrong; then there is no figure
   */
  Round play() throws Exception;
}
