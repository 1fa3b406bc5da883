package io.github.jpopen.windows.child;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.windows.win32.Win32;
import io.github.jpopen.windows.win32.Win32Errors;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of the job of a child that was not started. */
class ChildJobTest {
  private static final long JOB = 5;

  private final List<String> calls = new ArrayList<>();

  /** How often Windows refuses to end the processes of the job; there is one until it does not. */
  private int refusals;

  private int errorOfLooking;
  private boolean empty;

  private final Win32 win32 =
      (Win32)
          Proxy.newProxyInstance(
              Win32.class.getClassLoader(),
              new Class<?>[] {Win32.class},
              (_, method, arguments) -> {
                calls.add(method.getName());
                return switch (method.getName()) {
                  case "createJob" -> JOB;
                  case "terminateJob" -> terminate();
                  case "jobProcesses" -> look((long[]) arguments[1]);
                  default -> 0;
                };
              });

  private int terminate() {
    if (refusals > 0) {
      refusals--;
      return Win32Errors.ACCESS_DENIED;
    }
    empty = true;
    return 0;
  }

  private int look(long[] ids) {
    ids[0] = ProcessHandle.current().pid();
    return errorOfLooking != 0 ? -errorOfLooking : empty ? 0 : 1;
  }

  private Throwable[] destroyed() throws Exception {
    IOException failure = new IOException("not started");
    ChildJob.create(win32, true, false).destroy(failure);
    assertThat(calls).endsWith("closeHandle").containsOnlyOnce("closeHandle");
    return failure.getSuppressed();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void refusedTerminationIsTriedAgain(int times) throws Exception {
    refusals = times;
    assertThat(destroyed()).isEmpty();
    assertThat(calls.stream().filter("terminateJob"::equals)).hasSize(times + 1);
  }

  @Test
  void failureSaysWhatIsLeft() throws Exception {
    refusals = Integer.MAX_VALUE;
    assertThat(destroyed())
        .singleElement()
        .extracting(Throwable::getMessage)
        .isEqualTo(
            "what the child has started could not be killed: ["
                + ProcessHandle.current().pid()
                + "]");
  }

  @Test
  void failureSaysThatTheJobCannotBeLookedAt() throws Exception {
    errorOfLooking = Win32Errors.ACCESS_DENIED;
    assertThat(destroyed())
        .singleElement()
        .extracting(Throwable::getMessage)
        .isEqualTo("QueryInformationJobObject: ERROR_ACCESS_DENIED");
  }
}
