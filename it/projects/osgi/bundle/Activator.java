package consumer;

import io.github.jpopen.Command;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Starts a child when its bundle is started. */
public class Activator implements BundleActivator {
  @Override
  public void start(BundleContext context) throws Exception {
    System.out.println(
        Command.of("printf", "child of %s", context.getBundle().getSymbolicName())
            .text()
            .checkOutput());
  }

  @Override
  public void stop(BundleContext context) {}
}
