package io.github.jpopen.conversation;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What limits a call of communicate beside its deadline.
 *
 * @param idle how long no byte may move, null for no limit
 * @param drain how long to wait for the end of the pipes once the child has ended, null for no
 *     limit
 */
public record Limits(@Nullable Duration idle, @Nullable Duration drain) {
  /** No limits. */
  public static final Limits NONE = new Limits(null, null);
}
