package io.github.jpopen.posix.tree;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The child at the root of a tree.
 *
 * @param pid its id
 * @param mark the token in its environment, null if it was started without
 * @param cgroup where it was moved after its start, null if it stays in ours
 * @param isHeld whether its exit was not collected yet, so that its id is no other process's
 */
public record ChildIdentity(
    int pid, @Nullable TreeMark mark, @Nullable TreeCgroup cgroup, BooleanSupplier isHeld) {}
