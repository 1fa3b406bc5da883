import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * {@code RunTests CLASS[#METHOD]...} runs these JUnit tests, prints a line for each that is skipped
 * and the stack trace of each that fails, and exits with 1 unless all that ran passed and at least
 * one did. {@code ./t} starts it.
 */
class RunTests {
  public static void main(String[] args) {
    List<DiscoverySelector> selectors = new ArrayList<>();
    for (String arg : args) {
      selectors.addAll(selectors(arg));
    }
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request().selectors(selectors).build();
    SummaryGeneratingListener summary = new SummaryGeneratingListener();
    Launcher launcher = LauncherFactory.create();
    launcher.execute(request, summary, new Skips());
    System.exit(report(summary.getSummary()));
  }

  /** A method may have parameters, so it is looked up by its name. */
  private static List<? extends DiscoverySelector> selectors(String argument) {
    int hash = argument.indexOf('#');
    if (hash < 0) {
      return List.of(selectClass(argument));
    }
    Class<?> type = load(argument.substring(0, hash));
    String method = argument.substring(hash + 1);
    List<DiscoverySelector> selectors = new ArrayList<>();
    for (Class<?> declaring = type; declaring != Object.class; declaring = superclass(declaring)) {
      Arrays.stream(declaring.getDeclaredMethods())
          .filter(each -> each.getName().equals(method) && !each.isSynthetic())
          .forEach(each -> selectors.add(DiscoverySelectors.selectMethod(type, each)));
    }
    if (selectors.isEmpty()) {
      System.out.println(type.getSimpleName() + " has no method " + method);
      System.exit(1);
    }
    return selectors;
  }

  private static Class<?> superclass(Class<?> type) {
    Class<?> result = type.getSuperclass();
    return result == null ? Object.class : result;
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static int report(TestExecutionSummary summary) {
    if (summary.getTotalFailureCount() > 0) {
      summary.printFailuresTo(new PrintWriter(System.out, true), 30);
    }
    long passed = summary.getTestsSucceededCount();
    long failed = summary.getTotalFailureCount();
    System.out.printf(
        "%d passed, %d failed, %d skipped%n",
        passed, failed, summary.getTestsSkippedCount() + summary.getTestsAbortedCount());
    return failed == 0 && passed > 0 ? 0 : 1;
  }

  /** Prints why a test did not run. */
  private static final class Skips implements TestExecutionListener {
    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
      System.out.println("skipped " + test.getDisplayName() + ": " + reason);
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      if (result.getStatus() == TestExecutionResult.Status.ABORTED) {
        String reason = result.getThrowable().map(Throwable::getMessage).orElse("");
        System.out.println("skipped " + test.getDisplayName() + ": " + reason);
      }
    }
  }
}
