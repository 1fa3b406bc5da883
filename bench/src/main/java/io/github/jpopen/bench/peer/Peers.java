package io.github.jpopen.bench.peer;

import io.github.jpopen.bench.peer.Jpopen.Form;
import java.util.List;
import java.util.concurrent.ThreadFactory;

/** The peers by name: the parameter of the benchmarks. */
public final class Peers {
  /** jpopen into {@code byte[]}, many of it on virtual threads. */
  public static final String JPOPEN = "jpopen";

  /** The same, many of it on platform threads. */
  public static final String JPOPEN_PLATFORM = "jpopen, platform threads";

  /** The same, many of it on one thread. */
  public static final String JPOPEN_IN_TURN = "jpopen, one thread";

  /** jpopen into a {@code String}. */
  public static final String JPOPEN_TEXT = "jpopen, text";

  /** jpopen into memory outside the heap. */
  public static final String JPOPEN_OFF_HEAP = "jpopen, off-heap";

  /** ProcessBuilder with virtual threads. */
  public static final String JDK = "ProcessBuilder";

  /** ProcessBuilder with platform threads. */
  public static final String JDK_PLATFORM = "ProcessBuilder, platform threads";

  /** Apache Commons Exec. */
  public static final String COMMONS_EXEC = "commons-exec";

  /** zt-exec. */
  public static final String ZT_EXEC = "zt-exec";

  /** NuProcess. */
  public static final String NU_PROCESS = "NuProcess";

  /**
   * Starts no child at all: virtual threads that sleep, to see which threads the JVM has of its
   * own.
   */
  public static final String NO_CHILD = "no child";

  /** All that differ by library or by the form of the output. */
  public static final List<String> NAMES =
      List.of(
          JPOPEN,
          JPOPEN_TEXT,
          JPOPEN_OFF_HEAP,
          JDK,
          JDK_PLATFORM,
          COMMONS_EXEC,
          ZT_EXEC,
          NU_PROCESS);

  private Peers() {}

  /** Makes a peer. */
  public static Peer of(String name) {
    ThreadFactory platform = Thread.ofPlatform().factory();
    ThreadFactory virtual = Thread.ofVirtual().factory();
    return switch (name) {
      case JPOPEN -> new Jpopen(Form.BYTES, virtual);
      case JPOPEN_PLATFORM -> new Jpopen(Form.BYTES, platform);
      case JPOPEN_IN_TURN -> Jpopen.inTurn();
      case JPOPEN_TEXT -> new Jpopen(Form.TEXT, virtual);
      case JPOPEN_OFF_HEAP -> new Jpopen(Form.OFF_HEAP, virtual);
      case JDK -> new JdkProcess(virtual, virtual);
      case JDK_PLATFORM -> new JdkProcess(platform, platform);
      case COMMONS_EXEC -> new CommonsExec();
      case ZT_EXEC -> new ZtExec();
      case NO_CHILD -> new NoChild();
      case NU_PROCESS -> new NuProcesses();
      default -> throw new IllegalArgumentException("no peer is named " + name);
    };
  }
}
