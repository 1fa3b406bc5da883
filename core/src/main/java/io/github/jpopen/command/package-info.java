/**
 * What a command is made of, before anything starts: checked, shown and named. Not exported.
 *
 * <p>A class belongs here if it needs the arguments and names of a command and no child. What the
 * system makes of a command belongs to the native modules.
 */
@org.jspecify.annotations.NullMarked
package io.github.jpopen.command;
