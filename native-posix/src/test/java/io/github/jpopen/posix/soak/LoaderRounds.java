package io.github.jpopen.posix.soak;

import java.io.File;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;

/** Loads the library again and again, as an application server does, and uses each copy. */
final class LoaderRounds {
  private final List<WeakReference<ClassLoader>> loaders = new ArrayList<>();

  /** Loads a copy, runs a child on a platform thread and on a virtual one, and drops the copy. */
  void run() throws Exception {
    List<URL> urls = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      urls.add(new File(entry).toURI().toURL());
    }
    URLClassLoader loader =
        new URLClassLoader(urls.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
    loaders.add(new WeakReference<>(loader));
    Class<?> command = loader.loadClass("io.github.jpopen.Command");
    use(command);
    Thread thread =
        Thread.startVirtualThread(
            () -> {
              try {
                use(command);
              } catch (ReflectiveOperationException e) {
                // for want of files
              }
            });
    thread.join();
    loader.close();
  }

  private static void use(Class<?> command) throws ReflectiveOperationException {
    Object sleep =
        command
            .getMethod("of", String.class, String[].class)
            .invoke(null, "sleep", new String[] {".01"});
    command.getMethod("call").invoke(sleep);
  }

  int count() {
    return loaders.size();
  }

  /** How many copies were not unloaded. */
  int left() {
    return (int) loaders.stream().filter(loader -> loader.get() != null).count();
  }
}
