/**
 * Starts child processes and communicates with them: Python's {@code subprocess} for Java.
 *
 * <p>A {@link Command} describes a program, its arguments and its streams. It either runs the
 * program to the end in one call, or starts it and returns a {@link Popen}, to talk to while it
 * runs. Input and both outputs always move at the same time, so a full pipe never causes a
 * deadlock. No failure loses output: a timeout leaves the child running, the next call continues
 * with the next byte, and every exception holds what was received.
 *
 * <h2>Which type or call for which task</h2>
 *
 * <table class="striped">
 * <caption>Tasks, and the types and calls that do them</caption>
 * <tr><th scope="col">Task</th><th scope="col">Type or call</th></tr>
 * <tr><td>Run a program, look at its exit code and output</td>
 * <td>{@link Command#run() run}, {@link CompletedProcess}</td></tr>
 * <tr><td>Get the output of a program that must succeed</td>
 * <td>{@link Command#checkOutput() checkOutput}</td></tr>
 * <tr><td>Run a program that must succeed, or get its exit code only</td>
 * <td>{@link Command#checkCall() checkCall}, {@link Command#call() call}</td></tr>
 * <tr><td>Run it in the background</td>
 * <td>{@link Command#runAsync() runAsync}</td></tr>
 * <tr><td>Run a shell script</td>
 * <td>{@link Command#shell shell}</td></tr>
 * <tr><td>Let one program read what another one writes, without a shell</td>
 * <td>{@link Pipeline}, {@link RunningPipeline}</td></tr>
 * <tr><td>Limit the time</td>
 * <td>{@link Command#timeout timeout}, {@link Command#idleTimeout idleTimeout}, {@link Command#drain drain}, or a {@code Duration} given to a method of {@code Popen}</td></tr>
 * <tr><td>Send input: text, bytes, a file, a stream</td>
 * <td>{@link Command#input(Input) input}, {@link Input}</td></tr>
 * <tr><td>Read from or write to files, merge or discard outputs</td>
 * <td>{@link Redirect}</td></tr>
 * <tr><td>Exchange text, in any charset</td>
 * <td>{@link Command#text() text}, {@link TextErrors}</td></tr>
 * <tr><td>Send all input to a running child and read all its output</td>
 * <td>{@link Popen#communicate() communicate}, {@link Output}</td></tr>
 * <tr><td>Read lines while the program runs, or hold a dialogue</td>
 * <td>{@link Popen#stdoutReader() stdoutReader}, {@link Popen#stdinWriter() stdinWriter}, {@link Popen#awaitLine(java.util.function.Predicate, java.time.Duration) awaitLine}</td></tr>
 * <tr><td>Get each line while it is captured, or copy an output to a stream or file</td>
 * <td>{@link Command#onLine onLine}, {@link Command#onChunk onChunk}, {@link Redirect#tee(java.io.OutputStream) PIPE.tee}</td></tr>
 * <tr><td>Bound what an endless output takes</td>
 * <td>{@link Redirect#limit PIPE.limit}, {@link Redirect#tail tail}, {@link Redirect#headAndTail headAndTail}, {@link Redirect#spillTo spillTo}</td></tr>
 * <tr><td>Wait for the exit</td>
 * <td>{@link Popen#waitFor() waitFor}, {@link Popen#poll() poll}, {@link Popen#onExit() onExit}, {@link Popen#awaitAny awaitAny}</td></tr>
 * <tr><td>End the child, or send it a signal</td>
 * <td>{@link Popen#stop stop}, {@link Popen#terminate() terminate}, {@link Popen#kill() kill}, {@link Popen#killTree() killTree}, {@link Popen#sendSignal sendSignal}, {@link Signal}</td></tr>
 * <tr><td>Say how jpopen ends children, and when</td>
 * <td>{@link Command#grace grace}, {@link Command#killTree() killTree}, {@link Command#killOnClose() killOnClose}, {@link Command#killOnExit() killOnExit}</td></tr>
 * <tr><td>Know how it ended</td>
 * <td>{@link Popen#returncode() returncode}, {@link ExitStatus}</td></tr>
 * <tr><td>Know what failed, and what was received before</td>
 * <td>{@link SubprocessException}, {@link Captured}</td></tr>
 * <tr><td>Find out why a call hangs, and hear of starts and exits</td>
 * <td>{@link Popen#explain() explain}, {@link Command#listener listener}, {@link ChildEvent}</td></tr>
 * <tr><td>Capture more than 2 GiB</td>
 * <td>{@link Command#offHeap offHeap}, {@link Redirect#spillTo spillTo}</td></tr>
 * <tr><td>Set user, group, umask, session, descriptors, window</td>
 * <td>{@link PosixOptions}, {@link WindowsOptions}</td></tr>
 * </table>
 *
 * <h2>Run a program</h2>
 *
 * {@snippet file="OverviewSnippets.java" region="run" :
 * String sorted = Command.of("sort", "-u").text().input("b\na\nb\n").checkOutput();
 * IO.print(sorted); // a, b
 *
 * CompletedProcess<String> ls =
 *     Command.of("ls", "/no/such/folder")
 *         .text()
 *         .captureOutput()
 *         .timeout(Duration.ofSeconds(10))
 *         .run();
 * if (ls.returncode() != 0) {
 *   IO.println("ls failed: " + ls.stderr().strip());
 * }
 * }
 *
 * <h2>Send input and read output</h2>
 *
 * {@snippet file="OverviewSnippets.java" region="communicate" :
 * Command<String> sort = Command.of("sort").text().stdin(PIPE).captureOutput();
 * try (Popen<String> child = sort.start()) {
 *   Output<String> output = child.communicate("b\na\n"); // writes and reads at the same time
 *   IO.print(output.stdout()); // a, b
 *   IO.println("exit code " + child.returncode());
 * }
 * }
 *
 * <h2>Continue after a timeout</h2>
 *
 * {@snippet file="OverviewSnippets.java" region="resume" :
 * Command<String> slow = Command.shell("echo one; sleep 0.5; echo two").text().stdout(PIPE);
 * try (Popen<String> child = slow.start()) {
 *   Output<String> output;
 *   try {
 *     output = child.communicate(Duration.ofMillis(200));
 *   } catch (TimeoutExpiredException e) {
 *     IO.print("so far: " + e.stdout().text()); // one
 *     output = child.communicate(); // continues with the next byte
 *   }
 *   IO.print(output.stdout()); // one, two
 * }
 * }
 *
 * <h2>Read lines while the program runs</h2>
 *
 * {@snippet file="OverviewSnippets.java" region="liveLines" :
 * Command<String> build = Command.shell("echo compiling; echo a warning >&2; echo done").text();
 * try (Popen<String> child = build.stdout(PIPE).stderr(STDOUT).killOnClose().start()) {
 *   BufferedReader lines = child.stdoutReader();
 *   for (String line = lines.readLine(); line != null; line = lines.readLine()) {
 *     IO.println("build: " + line); // as soon as the child has written it
 *   }
 *   IO.println("exit code " + child.waitFor());
 * }
 * }
 *
 * <h2>Conventions</h2>
 *
 * <ul>
 *   <li>No method returns or accepts null. Null is a {@link java.lang.NullPointerException} that
 *       names the argument.
 *   <li>A timeout of zero or less has already passed: the call does what can be done without
 *       waiting.
 *   <li>Sizes are in bytes.
 *   <li>Exit codes have Python's form: on POSIX, -N means that signal N killed the child.
 *   <li>No message contains an argument, a value of the environment, input or stdout. They may be
 *       secret. The last lines of a captured stderr are shown unless {@link
 *       io.github.jpopen.Command#stderrInMessages} was set to false.
 *   <li>Start the JVM with {@code --enable-native-access}, for {@code io.github.jpopen.posix} or
 *       {@code io.github.jpopen.windows} on the module path, or for {@code ALL-UNNAMED} on the
 *       class path. Without it Java prints a warning. With {@code --illegal-native-access=deny} it
 *       throws {@link java.lang.IllegalCallerException}.
 * </ul>
 *
 * @since 0.1
 */
@org.jspecify.annotations.NullMarked
package io.github.jpopen;
