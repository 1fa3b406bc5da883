package io.github.jpopen.windows.wine;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.Provider;
import java.security.SecureRandomSpi;

/** Random numbers from the system below Wine, where those of the JDK end the JVM. */
public final class RandomFromUnix extends Provider {
  private static final long serialVersionUID = 1L;

  /** Makes the provider. */
  public RandomFromUnix() {
    super("jpopen-wine", "1", "/dev/urandom");
    put("SecureRandom.Unix", Source.class.getName());
  }

  /** Reads /dev/urandom. */
  public static final class Source extends SecureRandomSpi {
    private static final long serialVersionUID = 1L;

    /** Makes the source. */
    public Source() {}

    @Override
    protected void engineSetSeed(byte[] seed) {}

    @Override
    protected void engineNextBytes(byte[] bytes) {
      try (FileInputStream in = new FileInputStream("/dev/urandom")) {
        if (in.readNBytes(bytes, 0, bytes.length) < bytes.length) {
          throw new IOException("too few random bytes");
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    protected byte[] engineGenerateSeed(int count) {
      byte[] bytes = new byte[count];
      engineNextBytes(bytes);
      return bytes;
    }
  }
}
