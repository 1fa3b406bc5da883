/*
 * What a C programmer would write in place of communicate: posix_spawn, then poll, read and write until all pipes are at
 * their end, then waitpid. A worker of the comparison: see Worker.java for its arguments and answers.
 *
 * Keeps every byte in one buffer for each stream, that realloc doubles (mremap is behind it, so nothing is copied), and
 * frees it after each round. "discard" reads the same into one small buffer, which is the limit of what pipes can do.
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
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LARGEST_READ (1 << 20)

struct bytes {
  char *start;
  size_t size, room;
};

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

/* ours is non-blocking, as with any loop over several pipes that must not hang in one of them */
static void make_pipe(int ends[2], int ours) {
  if (pipe2(ends, O_CLOEXEC) != 0) fail("pipe2", errno);
  if (fcntl(ends[ours], F_SETFL, O_NONBLOCK) != 0) fail("fcntl", errno);
}

static struct bytes load(const char *path) {
  struct bytes file = {NULL, 0, 0};
  if (path[0] != '/') return file;
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  struct stat about;
  if (fd < 0 || fstat(fd, &about) != 0) fail(path, errno);
  file.room = about.st_size;
  file.start = malloc(file.room + 1);
  while (file.size < file.room) {
    ssize_t n = read(fd, file.start + file.size, file.room - file.size);
    if (n <= 0) fail(path, errno);
    file.size += n;
  }
  close(fd);
  return file;
}

/* Starts the program; a stream without a pipe (-1) is inherited. */
static pid_t spawn(char **argv, int in, int out, int err) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  if (in >= 0) posix_spawn_file_actions_adddup2(&actions, in, 0);
  if (out >= 0) posix_spawn_file_actions_adddup2(&actions, out, 1);
  if (err >= 0) posix_spawn_file_actions_adddup2(&actions, err, 2);
  pid_t pid;
  int error = posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ);
  if (error != 0) fail(argv[0], error);
  posix_spawn_file_actions_destroy(&actions);
  if (in >= 0) close(in);
  if (out >= 0) close(out);
  if (err >= 0) close(err);
  return pid;
}

static void collect(pid_t pid) {
  int status;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
}

/* Reads once; false at the end. */
static int receive(int fd, struct bytes *into, size_t most, int keep) {
  static char discarded[LARGEST_READ];
  char *to = discarded;
  if (keep) {
    if (into->room - into->size < most) {
      into->room = into->room == 0 ? 2 * most : 2 * into->room;
      into->start = realloc(into->start, into->room);
      if (into->start == NULL) fail("realloc", ENOMEM);
    }
    to = into->start + into->size;
  }
  ssize_t n = read(fd, to, most);
  if (n < 0 && errno != EAGAIN && errno != EINTR) fail("read", errno);
  if (n > 0) into->size += n;
  return n != 0;
}

static void poll_all(struct pollfd *fds, int count) {
  while (poll(fds, count, -1) < 0) {
    if (errno != EINTR) fail("poll", errno);
  }
}

static void talk(char **argv, struct bytes input, int streams, int keep, struct bytes outputs[2]) {
  int in[2] = {-1, -1}, out[2], err[2] = {-1, -1};
  if (input.start != NULL) make_pipe(in, 1);
  make_pipe(out, 0);
  if (streams == 2) make_pipe(err, 0);
  pid_t pid = spawn(argv, in[0], out[1], err[1]);
  size_t sent = 0;
  struct pollfd fds[3] = {{in[1], POLLOUT, 0}, {out[0], POLLIN, 0}, {err[0], POLLIN, 0}};
  while (fds[0].fd >= 0 || fds[1].fd >= 0 || fds[2].fd >= 0) {
    poll_all(fds, 3);
    if (fds[0].fd >= 0 && fds[0].revents != 0) {
      ssize_t n = write(fds[0].fd, input.start + sent, input.size - sent);
      if (n < 0 && errno != EAGAIN && errno != EPIPE) fail("write", errno);
      if (n > 0) sent += n;
      if (sent == input.size || (n < 0 && errno == EPIPE)) {
        close(fds[0].fd);
        fds[0].fd = -1;
      }
    }
    for (int i = 1; i <= 2; i++) {
      if (fds[i].fd >= 0 && fds[i].revents != 0 && !receive(fds[i].fd, &outputs[i - 1], LARGEST_READ, keep)) {
        close(fds[i].fd);
        fds[i].fd = -1;
      }
    }
  }
  collect(pid);
}

/* The time by which poll came too late; the child is killed then. */
static long long time_out(char **argv, long long nanos) {
  int out[2];
  make_pipe(out, 0);
  pid_t pid = spawn(argv, -1, out[1], -1);
  long long start = now();
  struct pollfd fds[1] = {{out[0], POLLIN, 0}};
  struct timespec left = {nanos / 1000000000, nanos % 1000000000};
  if (ppoll(fds, 1, &left, NULL) != 0) fail("ppoll", errno);
  long long late = now() - start - nanos;
  kill(pid, SIGKILL);
  close(out[0]);
  collect(pid);
  return late;
}

/* Many children at once, one thread; true if each wrote what it should. */
static int many(char **argv, int count, struct bytes expected) {
  struct pollfd *fds = calloc(count, sizeof *fds);
  struct bytes *outputs = calloc(count, sizeof *outputs);
  pid_t *pids = calloc(count, sizeof *pids);
  for (int i = 0; i < count; i++) {
    int out[2];
    make_pipe(out, 0);
    pids[i] = spawn(argv, -1, out[1], -1);
    fds[i] = (struct pollfd){out[0], POLLIN, 0};
  }
  for (int open = count; open > 0;) {
    poll_all(fds, count);
    for (int i = 0; i < count; i++) {
      if (fds[i].fd >= 0 && fds[i].revents != 0 && !receive(fds[i].fd, &outputs[i], 4096, 1)) {
        close(fds[i].fd);
        fds[i].fd = -1;
        collect(pids[i]);
        open--;
      }
    }
  }
  int good = 1;
  for (int i = 0; i < count; i++) {
    good &= outputs[i].size == expected.size && memcmp(outputs[i].start, expected.start, expected.size) == 0;
    free(outputs[i].start);
  }
  free(pids);
  free(outputs);
  free(fds);
  return good;
}

static int as_expected(struct bytes got, const char *expectation, struct bytes expected) {
  if (strcmp(expectation, "zeros") == 0)
    return got.size > 0 && got.start[0] == 0 && memcmp(got.start, got.start + 1, got.size - 1) == 0;
  return got.size == expected.size && memcmp(got.start, expected.start, got.size) == 0;
}

int main(int argc, char **argv) {
  if (argc < 7) return 2;
  const char *what = argv[1];
  struct bytes input = load(argv[2]), expected = load(argv[3]);
  int streams = atoi(argv[4]);
  long long number = atoll(argv[5]);
  char **program = argv + 6;
  signal(SIGPIPE, broken_pipe);
  const char *touched = getenv("BENCH_TOUCH_MIB");
  if (touched != NULL) {
    size_t size = strtoull(touched, NULL, 10) << 20;
    memset(malloc(size), 1, size);
  }
  char line[256];
  while (fgets(line, sizeof line, stdin) != NULL) {
    struct bytes outputs[2] = {{NULL, 0, 0}, {NULL, 0, 0}};
    int good = 1, keep = strcmp(what, "talk") == 0;
    long long start = now(), nanos;
    if (keep || strcmp(what, "discard") == 0) {
      talk(program, input, streams, keep, outputs);
      nanos = now() - start;
      for (int i = 0; keep && i < streams; i++) good &= as_expected(outputs[i], argv[3], expected);
    } else if (strcmp(what, "spawn") == 0) {
      collect(spawn(program, -1, -1, -1));
      nanos = now() - start;
    } else if (strcmp(what, "timeout") == 0) {
      nanos = time_out(program, number);
    } else {
      good = many(program, number, expected);
      nanos = now() - start;
    }
    printf("%lld %zu %zu %s -1\n", nanos, outputs[0].size, outputs[1].size, good ? "good" : "bad");
    fflush(stdout);
    free(outputs[0].start);
    free(outputs[1].start);
  }
  return 0;
}
