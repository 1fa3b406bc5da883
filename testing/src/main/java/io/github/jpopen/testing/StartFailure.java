package io.github.jpopen.testing;

import io.github.jpopen.spi.SpawnRefused;
import io.github.jpopen.spi.SpawnRequest;
import io.github.jpopen.testing.fake.Refusals;
import java.util.function.Function;

/**
 * Why a fake program cannot be started. The production code gets the {@link
 * io.github.jpopen.SpawnException} that this system would give.
 *
 * @since 0.1
 */
public enum StartFailure {
  /** The program does not exist: {@code ENOENT}, on Windows {@code ERROR_FILE_NOT_FOUND}. */
  NOT_FOUND(Refusals::notFound),

  /** It may not be executed: {@code EACCES}, on Windows {@code ERROR_ACCESS_DENIED}. */
  NOT_PERMITTED(Refusals::notPermitted),

  /** The working directory does not exist: {@code ENOENT}, on Windows {@code ERROR_DIRECTORY}. */
  NO_WORKING_DIRECTORY(Refusals::noDirectory),

  /** There are too many processes: {@code EAGAIN}, on Windows {@code ERROR_NO_SYSTEM_RESOURCES}. */
  TOO_MANY_PROCESSES(Refusals::noProcess),

  /**
   * This process has too many open descriptors: {@code EMFILE}, on Windows {@code
   * ERROR_NO_SYSTEM_RESOURCES}.
   */
  TOO_MANY_DESCRIPTORS(Refusals::noDescriptor);

  @SuppressWarnings("ImmutableEnumChecker") // a method reference without state
  private final Function<SpawnRequest, SpawnRefused> refusal;

  StartFailure(Function<SpawnRequest, SpawnRefused> refusal) {
    this.refusal = refusal;
  }

  Function<SpawnRequest, SpawnRefused> refusal() {
    return refusal;
  }
}
