package io.github.jpopen.conformance;

import java.nio.charset.Charset;
import java.time.Duration;

/**
 * A library that runs programs, as the rules use it. The author of a library implements this,
 * calling the library as its documentation recommends.
 *
 * {@snippet class="AdapterTest" region="adapter"}
 *
 * <p>Only {@link #run} is needed. Do not override what a library does not offer: the rules about it
 * are then {@linkplain Verdict.NotOffered not offered}, which is not a failure. A method may also
 * throw {@link NotOfferedException} for a call that the library cannot make.
 *
 * <p>The rules call from several threads, one after the other. {@link Conformance#main} and {@link
 * java.util.ServiceLoader} need a public class with a public constructor without parameters.
 *
 * @since 0.1
 */
public interface ProcessLibrary {
  /**
   * The heading of its column in a table.
   *
   * @return the simple name of the class, unless overridden
   */
  default String name() {
    return getClass().getSimpleName();
  }

  /**
   * Runs a program to its end, with the library's own time limit.
   *
   * <p>Return {@link Outcome.Ended} for every exit code: the check of a code is not part of the
   * rules. Return {@link Outcome.TimedOut} if the library reports that the limit has passed,
   * whether by an exception or by a value. Let every other exception out.
   *
   * @param call what to run
   * @param limit after this time the library must give up
   * @return how it ended
   * @throws Exception what the library throws, such as for a program that does not exist
   */
  Outcome run(Call call, Duration limit) throws Exception;

  /**
   * Runs a program to its end, and decodes its stdout with the library's own means.
   *
   * @param call what to run
   * @param charset of its stdout
   * @param limit as for {@link #run}
   * @return stdout as text, with its line ends as they are
   * @throws Exception what the library throws
   */
  default String runText(Call call, Charset charset, Duration limit) throws Exception {
    throw new NotOfferedException();
  }

  /**
   * Runs a program, and does not wait for other processes that hold its outputs open once the
   * program itself has ended.
   *
   * @param call what to run
   * @param limit as for {@link #run}
   * @return how it ended
   * @throws Exception what the library throws
   */
  default Outcome runWithoutWaitingForOthers(Call call, Duration limit) throws Exception {
    throw new NotOfferedException();
  }

  /**
   * Starts a program that can be waited for more than once, as with Python's {@code
   * Popen.communicate}.
   *
   * @param call what to run
   * @return the program that runs
   * @throws Exception what the library throws
   */
  default RunningCall start(Call call) throws Exception {
    throw new NotOfferedException();
  }
}
