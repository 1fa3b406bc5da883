/**
 * Waiting for descriptors: in {@code poll}, or parked while the poller waits in {@code epoll_wait}.
 *
 * <p>Here belongs what waits, wakes and closes in terms of descriptors and threads. Nothing here
 * knows what a descriptor is for.
 */
@org.jspecify.annotations.NullMarked
package io.github.jpopen.posix.wait;
