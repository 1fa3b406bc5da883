package io.github.jpopen;

import io.github.jpopen.command.VisibleText;
import io.github.jpopen.conversation.Situation.Call;
import java.util.List;

/** Describes a thread that is in a call: its name, the method, and the code that called it. */
final class ThreadInCall {
  private static final String OURS = "io.github.jpopen.";
  private static final List<String> METHODS_OF =
      List.of("Popen", "RunningPipeline", "Command", "Pipeline");
  private static final List<String> LIBRARY =
      List.of("java.", "javax.", "jdk.", "sun.", "com.sun.", OURS);

  private final StackTraceElement[] stack;

  private ThreadInCall(Thread thread) {
    this.stack = thread.getStackTrace();
  }

  /** Describes it as far as its stack shows more than its name. */
  static String describe(Call call) {
    Thread thread = call.thread();
    ThreadInCall seen = new ThreadInCall(thread);
    String what =
        switch (call.activity()) {
          case MOVES -> " moves bytes";
          case AWAITS_EXIT -> " waits for the exit";
          case CONSUMES -> " is in a consumer of the output" + seen.place(" at ");
        };
    return name(thread) + what + seen.method();
  }

  private static String name(Thread thread) {
    String kind = thread.isVirtual() ? "virtual thread " : "thread ";
    String name = thread.getName();
    return kind + (name.isEmpty() ? "#" + thread.threadId() : "\"" + VisibleText.of(name) + "\"");
  }

  /** The method of the API that it is in, and where that was called. */
  private String method() {
    for (int i = 0; i < stack.length && isLibrary(stack[i]); i++) {
      if (isApi(stack[i])) {
        int outermost = i;
        while (outermost + 1 < stack.length && isApi(stack[outermost + 1])) {
          outermost++;
        }
        StackTraceElement method = stack[outermost];
        return " in " + simpleName(method) + "." + method.getMethodName() + caller(outermost + 1);
      }
    }
    return place(", called by ");
  }

  private String caller(int from) {
    for (int i = from; i < stack.length; i++) {
      if (!isLibrary(stack[i])) {
        return ", called by " + stack[i];
      }
    }
    return "";
  }

  /** The innermost code that is neither ours nor the JDK's. */
  private String place(String before) {
    for (StackTraceElement frame : stack) {
      if (!isLibrary(frame)) {
        return before + frame;
      }
    }
    return "";
  }

  private static boolean isLibrary(StackTraceElement frame) {
    return LIBRARY.stream().anyMatch(frame.getClassName()::startsWith);
  }

  private static boolean isApi(StackTraceElement frame) {
    return METHODS_OF.stream().anyMatch(name -> frame.getClassName().equals(OURS + name));
  }

  private static String simpleName(StackTraceElement frame) {
    return frame.getClassName().substring(OURS.length());
  }
}
