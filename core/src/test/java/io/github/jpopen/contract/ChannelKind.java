package io.github.jpopen.contract;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** The kinds of channels that Java has, each as a pair: what one end takes, the other delivers. */
enum ChannelKind {
  /** A file that was opened by its path. */
  FILE {
    @Override
    Pair open(Path file) throws IOException {
      WritableByteChannel sink =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      return new Pair(sink, FileChannel.open(file));
    }
  },
  /** The channels of two streams, which show their descriptor objects. */
  DESCRIPTOR {
    @Override
    @SuppressWarnings("resource") // the channels close them
    Pair open(Path file) throws IOException {
      WritableByteChannel sink = new FileOutputStream(file.toFile()).getChannel();
      return new Pair(sink, new FileInputStream(file.toFile()).getChannel());
    }
  },
  PIPE {
    @Override
    Pair open(Path file) throws IOException {
      Pipe pipe = Pipe.open();
      return new Pair(pipe.sink(), pipe.source());
    }
  },
  SOCKET {
    @Override
    Pair open(Path file) throws IOException {
      try (ServerSocketChannel server = ServerSocketChannel.open()) {
        return connect(server.bind(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), 0)));
      }
    }
  },
  UNIX_SOCKET {
    @Override
    Pair open(Path file) throws IOException {
      Path directory = Files.createTempDirectory("u"); // the path may have about 100 bytes
      Path path = directory.resolve("s");
      try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
        return connect(server.bind(UnixDomainSocketAddress.of(path)));
      } catch (UnsupportedOperationException | SocketException e) {
        return abort("no sockets of the Unix domain: " + e.getMessage());
      } finally {
        Files.deleteIfExists(path);
        Files.deleteIfExists(directory);
      }
    }
  },
  /** The channels of two streams in memory. */
  STREAM {
    @Override
    Pair open(Path file) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      return new Pair(Channels.newChannel(bytes), null) {
        @Override
        ReadableByteChannel newSource() {
          return Channels.newChannel(new ByteArrayInputStream(bytes.toByteArray()));
        }
      };
    }
  },
  /** A class of the user that often takes or delivers nothing, and never much. */
  OWN {
    @Override
    Pair open(Path file) {
      Own own = new Own();
      return new Pair(own, null) {
        @Override
        ReadableByteChannel newSource() {
          return own;
        }
      };
    }
  };

  private static final int MORE_THAN_SOCKETS_HOLD = 10_000_000;
  private static final byte[] LOOPBACK = {127, 0, 0, 1};

  /** Opens both ends, in blocking mode. The file is for kinds that need one. */
  abstract Pair open(Path file) throws IOException;

  /** Whether one end waits for the other. */
  boolean isConnected() {
    return this == PIPE || this == SOCKET || this == UNIX_SOCKET;
  }

  /** The JVM opens descriptors of its own when the first virtual threads wait for a socket. */
  static void openWhatTheJvmKeeps() throws IOException, InterruptedException {
    try (Pair pair = SOCKET.open(Path.of("unused"))) {
      var reading = Background.start(Background.Kind.VIRTUAL, pair::readAll);
      var writing =
          Background.start(
              Background.Kind.VIRTUAL,
              () -> {
                pair.write(new byte[MORE_THAN_SOCKETS_HOLD]);
                pair.sink().close();
                return true;
              });
      if (!writing.result() || reading.result().length < MORE_THAN_SOCKETS_HOLD) {
        throw new AssertionError("bytes are missing");
      }
    }
  }

  private static Pair connect(ServerSocketChannel server) throws IOException {
    SocketAddress address = server.getLocalAddress();
    SocketChannel sink = SocketChannel.open(address);
    return new Pair(sink, server.accept());
  }

  /** Both ends. */
  static class Pair implements AutoCloseable {
    private final WritableByteChannel sink;
    private @Nullable ReadableByteChannel source;

    Pair(WritableByteChannel sink, @Nullable ReadableByteChannel source) {
      this.sink = sink;
      this.source = source;
    }

    ReadableByteChannel newSource() {
      throw new AssertionError("there is one");
    }

    WritableByteChannel sink() {
      return sink;
    }

    /** If it is in memory, it delivers what the sink has taken so far. */
    ReadableByteChannel source() {
      ReadableByteChannel known = source;
      if (known == null) {
        known = newSource();
        source = known;
      }
      return known;
    }

    /** Writes everything. */
    void write(byte[] bytes) throws IOException {
      for (ByteBuffer rest = ByteBuffer.wrap(bytes); rest.hasRemaining(); ) {
        int _ = sink.write(rest);
      }
    }

    /** Reads to the end. */
    byte[] readAll() throws IOException {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
      while (source().read(buffer.clear()) >= 0) {
        all.write(buffer.array(), 0, buffer.position());
      }
      return all.toByteArray();
    }

    @Override
    public void close() throws IOException {
      try (sink) {
        if (source != null) {
          source.close();
        }
      }
    }
  }

  private static final class Own implements ByteChannel {
    private static final int MOST = 5_000;

    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    private int delivered;
    private int calls;
    private boolean open = true;

    @Override
    public int write(ByteBuffer from) {
      int n = next(from.remaining());
      byte[] bytes = new byte[n];
      from.get(bytes);
      taken.writeBytes(bytes);
      return n;
    }

    @Override
    public int read(ByteBuffer into) {
      byte[] all = taken.toByteArray();
      if (delivered == all.length) {
        return -1;
      }
      int n = next(Math.min(into.remaining(), all.length - delivered));
      into.put(all, delivered, n);
      delivered += n;
      return n;
    }

    private int next(int most) {
      return calls++ % 4 == 0 ? 0 : Math.min(most, MOST);
    }

    @Override
    public boolean isOpen() {
      return open;
    }

    @Override
    public void close() {
      open = false;
    }
  }
}
