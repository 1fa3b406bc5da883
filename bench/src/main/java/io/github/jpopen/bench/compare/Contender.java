package io.github.jpopen.bench.compare;

/** Somebody who plays rounds. */
interface Contender {
  /**
   * Plays a round.
   *
   * @throws Exception if it cannot be played, or if its result is wrong: there is no figure then
   */
  Round play() throws Exception;
}
