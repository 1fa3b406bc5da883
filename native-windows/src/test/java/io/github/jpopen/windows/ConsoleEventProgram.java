package io.github.jpopen.windows;

import static io.github.jpopen.Redirect.DEVNULL;
import static io.github.jpopen.Redirect.PIPE;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.github.jpopen.Command;
import io.github.jpopen.Popen;
import io.github.jpopen.Signal;
import io.github.jpopen.platform.Platforms;
import io.github.jpopen.windows.win32.NativeWin32;
import io.github.jpopen.windows.win32.Win32;
import io.github.jpopen.windows.wine.WineSession;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Sends a console event to a child of its own, or stops it, and prints the child's code. The child
 * is this program once more. Has to run in a console, which need not have a window.
 */
final class ConsoleEventProgram {
  private static final int CREATE_NEW_PROCESS_GROUP = 0x200;

  private ConsoleEventProgram() {}

  /** The argument is the name of the event, "stop", or "receive". */
  public static void main(String[] args) throws Throwable {
    if (args[0].equals("receive")) {
      receive();
    } else if (args[0].equals("stop")) {
      stop();
    } else {
      send(Signal.of(args[0]));
    }
  }

  private static Command<String> receiver() {
    return Command.of(
            Path.of(System.getProperty("java.home"), "bin", "java.exe"),
            "-XX:-PrintWarnings",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            ConsoleEventProgram.class.getName(),
            "receive")
        .stdin(DEVNULL)
        .stdout(PIPE)
        .stderr(PIPE)
        .text();
  }

  private static void send(Signal event) throws IOException, InterruptedException {
    Command<String> child = receiver().windows(o -> o.creationFlags(CREATE_NEW_PROCESS_GROUP));
    try (Popen<String> p = child.start()) {
      System.out.print(p.stdoutReader().readLine() + " ");
      boolean sent = p.sendSignal(event);
      System.out.print(sent + " " + p.waitFor());
    }
    System.out.flush();
  }

  // Grace has a kind of its own: what asks is CTRL_BREAK_EVENT.
  private static void stop() throws IOException, InterruptedException {
    if (WineSession.isWine()) {
      Platforms.substitute(
          new WindowsPlatform(withoutBreaks(new NativeWin32()), Settings.ofSystemProperties()));
    }
    try (Popen<String> p = receiver().killTree().grace(Duration.ofSeconds(30)).start()) {
      System.out.print(p.stdoutReader().readLine() + " ");
      System.out.print(p.stop(Duration.ofSeconds(30)) + " " + p.ending());
    }
    System.out.flush();
  }

  // Wine's server knows no CTRL_BREAK_EVENT, so the other event takes its place.
  private static Win32 withoutBreaks(Win32 real) {
    return (Win32)
        Proxy.newProxyInstance(
            Win32.class.getClassLoader(),
            new Class<?>[] {Win32.class},
            (proxy, method, arguments) ->
                method.getName().equals("generateConsoleCtrlEvent")
                    ? (Object) real.generateConsoleCtrlEvent(0, (Integer) arguments[1])
                    : method.invoke(real, arguments));
  }

  /** Ends with 40 and the number of the event that comes first, and with 9 if none does. */
  private static void receive() throws Throwable {
    Linker linker = Linker.nativeLinker();
    MethodHandle setHandler =
        linker.downcallHandle(
            SymbolLookup.libraryLookup("kernel32", Arena.global())
                .findOrThrow("SetConsoleCtrlHandler"),
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    MemorySegment handler =
        linker.upcallStub(
            MethodHandles.lookup()
                .findStatic(
                    ConsoleEventProgram.class, "end", MethodType.methodType(int.class, int.class)),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT),
            Arena.global());
    // A process that is started in a new group ignores CTRL_C_EVENT until it changes that.
    if ((int) setHandler.invokeExact(MemorySegment.NULL, 0) == 0
        || (int) setHandler.invokeExact(handler, 1) == 0) {
      throw new AssertionError("SetConsoleCtrlHandler");
    }
    System.out.println("ready");
    Thread.sleep(Duration.ofSeconds(40));
    Runtime.getRuntime().halt(9);
  }

  @SuppressWarnings("UnusedMethod") // Windows calls it
  private static int end(int event) {
    Runtime.getRuntime().halt(40 + event);
    return 1;
  }
}
