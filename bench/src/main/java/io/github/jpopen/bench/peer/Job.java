package io.github.jpopen.bench.peer;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a peer is to run to its end.
 *
 * @param command the program and its arguments
 * @param input what to send before stdin is closed; null to let the child have our stdin
 * @param both whether stderr is captured as well as stdout, each by itself
 */
// The input is the caller's, and large.
@SuppressWarnings("ArrayRecordComponent")
public record Job(List<String> command, byte @Nullable [] input, boolean both) {}
