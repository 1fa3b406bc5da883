import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;

/** {@code Host JAR…} runs the plugin in two class loaders at once, and neither sees the other. */
public class Host {
  public static void main(String[] args) throws Exception {
    URL[] jars = new URL[args.length];
    for (int i = 0; i < args.length; i++) {
      jars[i] = Path.of(args[i]).toUri().toURL();
    }
    try (URLClassLoader first = new URLClassLoader(jars, ClassLoader.getPlatformClassLoader());
        URLClassLoader second = new URLClassLoader(jars, ClassLoader.getPlatformClassLoader())) {
      for (URLClassLoader loader : Arrays.asList(first, second, first)) {
        Callable<?> plugin =
            (Callable<?>) loader.loadClass("consumer.Plugin").getConstructor().newInstance();
        System.out.println(plugin.call());
      }
      String api = "io.github.jpopen.Command";
      System.out.println(first.loadClass(api) == second.loadClass(api) ? "shared" : "apart");
    }
  }
}
