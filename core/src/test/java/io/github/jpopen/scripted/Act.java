package io.github.jpopen.scripted;

import io.github.jpopen.spi.StreamKind;
import io.github.jpopen.spi.Termination;
import java.io.IOException;
import java.util.Set;

/** One thing that the scripted operating system does; at most one in each step. */
sealed interface Act {
  /** Whether it can be done in a step that wants these streams. */
  default boolean isPossible(Set<StreamKind> wanted) {
    return true;
  }

  /** The child wrote bytes; they are read in pieces of a size. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Data(StreamKind stream, byte[] bytes, int piece) implements Act {
    @Override
    public boolean isPossible(Set<StreamKind> wanted) {
      return wanted.contains(stream);
    }
  }

  /** The child wrote a byte, and something else happens while it is read. */
  record DataMeanwhile(StreamKind stream, Runnable meanwhile) implements Act {
    @Override
    public boolean isPossible(Set<StreamKind> wanted) {
      return wanted.contains(stream);
    }
  }

  /** The child "wrote" so many bytes that no test could hold them. */
  record Claim(StreamKind stream, long bytes) implements Act {
    @Override
    public boolean isPossible(Set<StreamKind> wanted) {
      return wanted.contains(stream);
    }
  }

  /** The child's pipe takes so many bytes at most. */
  record Accept(long atMost) implements Act {
    @Override
    public boolean isPossible(Set<StreamKind> wanted) {
      return wanted.contains(StreamKind.STDIN);
    }
  }

  /** The child's stdin has no reader, and a write reports it. */
  record Refuse() implements Act {
    @Override
    public boolean isPossible(Set<StreamKind> wanted) {
      return wanted.contains(StreamKind.STDIN);
    }
  }

  /** The child's stdin has no reader, which is seen even if nothing is to be sent. */
  record HangUp() implements Act {}

  /** All writers of a pipe are gone. */
  record EndOfFile(StreamKind stream) implements Act {
    @Override
    public boolean isPossible(Set<StreamKind> wanted) {
      return wanted.contains(stream);
    }
  }

  /** One stream breaks. */
  record Break(StreamKind stream, IOException error) implements Act {
    @Override
    public boolean isPossible(Set<StreamKind> wanted) {
      return wanted.contains(stream);
    }
  }

  /** The child ends. */
  record Exit(Termination how) implements Act {}

  /** The step itself throws: an IOException, an InterruptedException or something unchecked. */
  record Fail(Throwable error) implements Act {}
}
