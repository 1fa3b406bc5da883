package io.github.jpopen.conversation;

import io.github.jpopen.spi.Persistently;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Lets one thread at a time call the consumers that several conversations share.
 *
 * <p>A thread that does not get the turn goes on moving bytes, and is woken once the turn is free.
 * It must never block for it: the consumer that has the turn may wait for the bytes of another
 * conversation to move.
 */
public final class Turn {
  private final List<Runnable> wakes = new CopyOnWriteArrayList<>();
  private final Runnable wakeAll;
  private final AtomicReference<@Nullable Thread> holder = new AtomicReference<>();
  private volatile boolean missed; // a thread wanted it while another one had it
  private volatile boolean inCall;
  private volatile boolean suspended;

  /** A turn that no thread has. */
  public Turn() {
    this.wakeAll = () -> wakes.forEach(Runnable::run); // made here: later there may be no memory
  }

  /** Adds a conversation. The action wakes the threads that wait in it. */
  void join(Runnable wake) {
    wakes.add(wake);
  }

  /** A call for all conversations begins. A consumer that throws is the last one it calls. */
  public void beginCall() {
    inCall = true;
  }

  /** No thread is in the call any longer. Consumers may be called again. */
  public void endCall() {
    inCall = false;
    if (suspended) {
      suspended = false;
      Persistently.run(wakeAll); // a thread may wait in a call on one stage
    }
  }

  /** Whether the turn could be taken now. If not, the caller is woken later. */
  boolean isFree() {
    if (suspended) {
      return false; // the call ends, and its threads are woken for that
    }
    if (holder.get() == null) {
      return true;
    }
    missed = true;
    return holder.get() == null; // leave() looks at these two in the other order
  }

  /** Takes the turn, unless another thread has it. */
  boolean tryTake() {
    if (!holder.compareAndSet(null, Thread.currentThread())) {
      return false;
    }
    if (suspended) { // by the thread that had it a moment ago
      holder.set(null);
      return false;
    }
    return true;
  }

  /** A consumer has thrown, and the exception is to end the call. Called with the turn. */
  void failed() {
    suspended = inCall;
  }

  /** Gives the turn back. */
  void leave() {
    holder.set(null);
    if (missed) {
      missed = false;
      Persistently.run(wakeAll);
    }
  }
}
