package io.github.jpopen.scripted;

import static io.github.jpopen.spi.StreamKind.STDERR;
import static io.github.jpopen.spi.StreamKind.STDOUT;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.jpopen.spi.StreamKind;
import io.github.jpopen.spi.Termination;
import io.github.jpopen.spi.Termination.Exited;
import java.io.IOException;

/**
 * The methods by which a test scripts what a child does, act by act.
 *
 * @param <C> the child
 */
abstract class ScriptWords<C extends ScriptWords<C>> {
  abstract C act(Act act);

  public C stdout(String text) {
    return stdout(text.getBytes(UTF_8));
  }

  public C stdout(byte[] bytes) {
    return act(new Act.Data(STDOUT, bytes, Integer.MAX_VALUE));
  }

  public C stderr(String text) {
    return stderr(text.getBytes(UTF_8));
  }

  public C stderr(byte[] bytes) {
    return act(new Act.Data(STDERR, bytes, Integer.MAX_VALUE));
  }

  /** Bytes on a stream, read in pieces of a size. */
  public C writes(StreamKind stream, byte[] bytes, int piece) {
    return act(new Act.Data(stream, bytes, piece));
  }

  /** A byte on a stream; while it is read, the test does something. */
  public C writesMeanwhile(StreamKind stream, Runnable what) {
    return act(new Act.DataMeanwhile(stream, what));
  }

  /** Reports a number of bytes without writing them; the memory keeps what it held. */
  public C claims(StreamKind stream, long bytes) {
    return act(new Act.Claim(stream, bytes));
  }

  /** The pipe takes at most this many bytes. */
  public C accepts(long atMost) {
    return act(new Act.Accept(atMost));
  }

  public C refusesInput() {
    return act(new Act.Refuse());
  }

  /** The child's stdin has no reader left, which the system reports before any write. */
  public C hangsUpInput() {
    return act(new Act.HangUp());
  }

  public C ends(StreamKind stream) {
    return act(new Act.EndOfFile(stream));
  }

  /** Both outputs end. */
  public C endsOutputs() {
    return ends(STDOUT).ends(STDERR);
  }

  public C breaks(StreamKind stream, IOException error) {
    return act(new Act.Break(stream, error));
  }

  public C exits(int code) {
    return exits(new Exited(code));
  }

  public C exits(Termination how) {
    return act(new Act.Exit(how));
  }

  /** The step throws. */
  public C fails(Throwable error) {
    return act(new Act.Fail(error));
  }
}
