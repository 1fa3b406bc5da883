package io.github.jpopen.spi;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What one operating system family supplies: spawning, and its numbers for signals.
 *
 * <p>Found by {@link java.util.ServiceLoader}. Constructing a provider and asking {@link
 * #isSupported} links no native symbol, so a jar for another system is harmless.
 */
public interface ProcessPlatform {

  /**
   * Tells whether this platform serves the system the JVM runs on, by looking at {@code os.name}
   * only.
   *
   * @return true if it does
   */
  boolean isSupported();

  /**
   * Starts a child.
   *
   * <p>On return the child is owned by the result, and the ends that it shares with other children
   * by their {@link PipeLink}s. On any exception no descriptor, process or native memory is left
   * behind.
   *
   * @param request what to start
   * @return the running child
   * @throws SpawnRefused if the system refused; it names the culprit
   * @throws UnsupportedOperationException if the request holds an option that this system does not
   *     have
   * @throws IOException if something else went wrong
   */
  ChildProcess spawn(SpawnRequest request) throws IOException;

  /**
   * Gives back descriptors that dead or unreachable children hold, because this process has too
   * many.
   *
   * @return whether there were any: then it is worth trying again
   */
  default boolean giveBack() {
    return false;
  }

  /**
   * Makes an off-heap buffer that grows in place and whose content lives as long as the arena.
   *
   * @param arena the owner of the memory
   * @return an empty buffer
   */
  GrowableBuffer growable(Arena arena);

  /**
   * Finds the file that a redirect to the same path would open.
   *
   * @param path may be relative
   * @return a path by which {@link java.nio.file.Files} finds it; the same path on systems where
   *     Java resolves the paths of redirects as well
   */
  default Path resolve(Path path) {
    return path;
  }

  /**
   * Looks a signal up by its name.
   *
   * @param name as in C, for example {@code SIGTERM}
   * @return its number here, or empty if this system does not have it
   */
  OptionalInt signalNumber(String name);

  /**
   * Looks a signal up by its number.
   *
   * @param number a signal number of this system
   * @return its name as in C, or empty if it has none
   */
  Optional<String> signalName(int number);
}
