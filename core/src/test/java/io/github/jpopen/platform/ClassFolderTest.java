package io.github.jpopen.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A start must not fail because of where a class loader says that classes are. */
class ClassFolderTest {
  /** A class that is loaded only here. */
  static final class Subject {}

  private static final class Loader extends ClassLoader {
    private final ProtectionDomain domain;
    private int asked;

    Loader(@Nullable URL place) {
      super(ClassFolderTest.class.getClassLoader());
      domain = new ProtectionDomain(new CodeSource(place, (Certificate[]) null), null);
    }

    Class<?> define() throws IOException {
      String name = Subject.class.getName();
      String file = name.replace('.', '/') + ".class";
      try (InputStream in = ClassFolderTest.class.getModule().getResourceAsStream(file)) {
        byte[] bytes = in == null ? new byte[0] : in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length, domain);
      }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      asked++;
      return super.loadClass(name, resolve);
    }
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "file:/no/such/folder/",
        "file://host/folder/",
        "file:/a%00b/",
        "file:/a b/",
        "file:/some.jar",
        "http://host/folder/"
      })
  @SuppressWarnings("deprecation") // a URI refuses some of these
  void nothingIsLoadedFromElsewhere(@Nullable String place) throws Exception {
    Loader loader = new Loader(place == null ? null : new URL(place));
    Class<?> type = loader.define();
    loader.asked = 0;
    ClassFolder.load(type);
    assertThat(loader.asked).isZero();
  }

  @Test
  void allClassesOfAFolderAreLoaded() throws Exception {
    URL place = Subject.class.getProtectionDomain().getCodeSource().getLocation();
    Loader loader = new Loader(URI.create(place.toString()).toURL());
    Class<?> type = loader.define();
    loader.asked = 0;
    ClassFolder.load(type);
    assertThat(loader.asked).isGreaterThan(10);
  }
}
