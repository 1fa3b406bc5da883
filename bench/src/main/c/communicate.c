/*
 * What a C programmer would write in place of communicate: posix_spawn, then poll, read and write until both pipes are
 * at their end, then waitpid. Keeps every byte in one buffer that realloc doubles (mremap behind it, so nothing is
 * copied), and frees it after each round.
 *
 *   communicate INPUT_BYTES PIPE_BYTES PROGRAM [ARGUMENT]...
 *
 * sends INPUT_BYTES bytes, and asks for pipes of PIPE_BYTES (0: as the system makes them). Plays one round for each line
 * on its own stdin, and answers each with a line: nanoseconds from before the pipes to after waitpid, and bytes read.
 * The child's stderr is the null device.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LARGEST_READ (1 << 20)

static void fail(const char *what, int error) {
  fprintf(stderr, "%s: %s\n", what, strerror(error));
  exit(1);
}

static long long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

/* A handler and not SIG_IGN, which the child would inherit. */
static void broken_pipe(int number) { (void)number; }

/* ours is non-blocking, as with any loop over two pipes that must not hang in one of them */
static void make_pipe(int ends[2], int ours, int bytes) {
  if (pipe2(ends, O_CLOEXEC) != 0) fail("pipe2", errno);
  if (fcntl(ends[ours], F_SETFL, O_NONBLOCK) != 0) fail("fcntl", errno);
  if (bytes > 0) (void)fcntl(ends[ours], F_SETPIPE_SZ, bytes); /* refused: as the system makes them */
}

int main(int argc, char **argv) {
  if (argc < 4) return 2;
  size_t input_bytes = strtoull(argv[1], NULL, 10);
  int pipe_bytes = atoi(argv[2]);
  char *input = calloc(input_bytes + 1, 1);
  if (input == NULL) fail("calloc", ENOMEM);
  memset(input, 'x', input_bytes); /* real pages, as in the JVM */
  signal(SIGPIPE, broken_pipe);

  char line[16];
  while (fgets(line, sizeof line, stdin) != NULL) {
    long long start = now();
    int in[2], out[2];
    make_pipe(in, 1, pipe_bytes);
    make_pipe(out, 0, pipe_bytes);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], 0);
    posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    pid_t pid;
    int error = posix_spawnp(&pid, argv[3], &actions, NULL, argv + 3, environ);
    if (error != 0) fail(argv[3], error);
    posix_spawn_file_actions_destroy(&actions);
    close(in[0]);
    close(out[1]);

    size_t sent = 0, size = 0, room = 0;
    char *bytes = NULL;
    struct pollfd fds[2] = {{in[1], POLLOUT, 0}, {out[0], POLLIN, 0}};
    if (input_bytes == 0) {
      close(in[1]);
      fds[0].fd = -1;
    }
    while (fds[0].fd >= 0 || fds[1].fd >= 0) {
      if (poll(fds, 2, -1) < 0) {
        if (errno == EINTR) continue;
        fail("poll", errno);
      }
      if (fds[0].revents != 0) {
        ssize_t n = write(in[1], input + sent, input_bytes - sent);
        if (n < 0 && errno != EAGAIN && errno != EPIPE) fail("write", errno);
        if (n > 0) sent += n;
        if (sent == input_bytes || (n < 0 && errno == EPIPE)) {
          close(in[1]);
          fds[0].fd = -1;
        }
      }
      if (fds[1].revents != 0) {
        if (room - size < LARGEST_READ) {
          room = room == 0 ? 2 * LARGEST_READ : 2 * room;
          bytes = realloc(bytes, room);
          if (bytes == NULL) fail("realloc", ENOMEM);
        }
        ssize_t n = read(out[0], bytes + size, LARGEST_READ);
        if (n < 0 && errno != EAGAIN) fail("read", errno);
        if (n > 0) size += n;
        if (n == 0) {
          close(out[0]);
          fds[1].fd = -1;
        }
      }
    }
    int status;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    long long nanos = now() - start;
    free(bytes);
    printf("%lld %zu\n", nanos, size);
    fflush(stdout);
  }
  free(input);
  return 0;
}
