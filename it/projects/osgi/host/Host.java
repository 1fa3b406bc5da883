import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

/** {@code Host CACHE BUNDLE…} installs the bundles, and starts those that are no fragments. */
public class Host {
  public static void main(String[] args) throws Exception {
    Framework framework =
        java.util.ServiceLoader.load(FrameworkFactory.class)
            .findFirst()
            .orElseThrow()
            .newFramework(Map.of(Constants.FRAMEWORK_STORAGE, args[0]));
    framework.start();
    try {
      List<Bundle> bundles = new ArrayList<>();
      for (int i = 1; i < args.length; i++) {
        String location = Path.of(args[i]).toUri().toString();
        bundles.add(framework.getBundleContext().installBundle(location));
      }
      for (Bundle bundle : bundles) {
        if (bundle.getHeaders().get(Constants.FRAGMENT_HOST) == null) {
          bundle.start();
        }
      }
    } finally {
      framework.stop();
      framework.waitForStop(10_000);
    }
  }
}
