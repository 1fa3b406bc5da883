package io.github.jpopen.conversation;

/** Why a wait for the end of a conversation is over. */
public enum Outcome {
  /** Everything was moved, and the child has ended. */
  COMPLETE,
  /** The child has ended, and the end of its pipes did not come in time. They were closed. */
  DRAINED,
  /** The deadline has passed. */
  TIMED_OUT,
  /** No byte moved for too long. */
  IDLE
}
