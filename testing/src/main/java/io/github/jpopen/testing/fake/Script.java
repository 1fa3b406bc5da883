package io.github.jpopen.testing.fake;

import io.github.jpopen.spi.SpawnRefused;
import io.github.jpopen.spi.SpawnRequest;
import io.github.jpopen.spi.Usage;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What one child plays. Immutable.
 *
 * @param acts in their order; after the last one the child exits with 0
 * @param reactions what it does from then on if it gets a signal of this number
 * @param takesInput whether it takes what comes on stdin, even when no act reads
 * @param leavesOutputOpen whether its outputs stay open after its exit, until its tree is killed
 * @param usage what it reports to have used, or null
 * @param refusal makes the reason why it cannot be started, or null if it can
 */
public record Script(
    List<Act> acts,
    Map<Integer, List<Act>> reactions,
    boolean takesInput,
    boolean leavesOutputOpen,
    @Nullable Usage usage,
    @Nullable Function<SpawnRequest, SpawnRefused> refusal) {

  /** Makes one, of copies. */
  public Script {
    acts = List.copyOf(acts);
    reactions = Map.copyOf(reactions);
  }
}
