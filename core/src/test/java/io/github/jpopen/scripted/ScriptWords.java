package io.github.jpopen.scripted;

import static io.github.jpopen.spi.StreamKind.STDERR;
import static io.github.jpopen.spi.StreamKind.STDOUT;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.jpopen.ExitStatus;
import io.github.jpopen.ExitStatus.Exited;
import io.github.jpopen.spi.StreamKind;
import java.io.IOException;

/** Describes what a child does, act by act. */
abstract class ScriptWords {
  abstract ScriptedChild act(Act act);

  public ScriptedChild stdout(String text) {
    return stdout(text.getBytes(UTF_8));
  }

  public ScriptedChild stdout(byte[] bytes) {
    return act(new Act.Data(STDOUT, bytes, Integer.MAX_VALUE));
  }

  public ScriptedChild stderr(String text) {
    return act(new Act.Data(STDERR, text.getBytes(UTF_8), Integer.MAX_VALUE));
  }

  /** Bytes on a stream, read so many at a time. */
  public ScriptedChild writes(StreamKind stream, byte[] bytes, int piece) {
    return act(new Act.Data(stream, bytes, piece));
  }

  /** A byte on a stream; while it is read, the test does something. */
  public ScriptedChild writesMeanwhile(StreamKind stream, Runnable what) {
    return act(new Act.DataMeanwhile(stream, what));
  }

  /** Claims that so many bytes arrived, whatever the memory contains. */
  public ScriptedChild claims(StreamKind stream, long bytes) {
    return act(new Act.Claim(stream, bytes));
  }

  /** The pipe takes so many bytes at most. */
  public ScriptedChild accepts(long atMost) {
    return act(new Act.Accept(atMost));
  }

  public ScriptedChild refusesInput() {
    return act(new Act.Refuse());
  }

  /** The child's stdin has no reader, and the system reports it before any write. */
  public ScriptedChild hangsUpInput() {
    return act(new Act.HangUp());
  }

  public ScriptedChild ends(StreamKind stream) {
    return act(new Act.EndOfFile(stream));
  }

  /** Both outputs end. */
  public ScriptedChild endsOutputs() {
    return ends(STDOUT).ends(STDERR);
  }

  public ScriptedChild breaks(StreamKind stream, IOException error) {
    return act(new Act.Break(stream, error));
  }

  public ScriptedChild exits(int code) {
    return exits(new Exited(code));
  }

  public ScriptedChild exits(ExitStatus status) {
    return act(new Act.Exit(status));
  }

  /** The step throws. */
  public ScriptedChild fails(Throwable error) {
    return act(new Act.Fail(error));
  }
}
