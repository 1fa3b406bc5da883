/*
 * The child of the contract tests: what ChildProgram and Behaviour do in Java, for systems that have a C compiler. It
 * starts in a millisecond, and a JVM in a hundred. ChildProgramTest compares the two. .ci/wine compiles it for Windows.
 *
 * Each argument names a behaviour, and is followed by the arguments of that.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define CHUNK (1 << 16)
#define LONGEST_LIFE 100 /* seconds: a test that fails must not leave its child behind for ever */
#define TOO_OLD 97
#define BROKEN_PIPE 98 /* as quiet as the signal that ends other programs */

/* What differs between the systems. Text is UTF-8 everywhere. */
static long read_some(void *to, size_t most);           /* 0 at the end of stdin */
static void write_all(int stream, const void *from, size_t size);
static void close_stream(int stream);
static void start_self(char **steps);                    /* ends with a null pointer */
static void sleep_millis(long millis);
static int exists(const char *path, int is_directory);
static int create(const char *path);                     /* 0 if it was there */
static char *environment_value(const char *name);
static char **environment_names(size_t *count);          /* sorted */
static char *working_directory(void);
static void die(int code);

static void fail(const char *what) { /* does not return */
  fprintf(stderr, "child: %s: %s\n", what, strerror(errno));
  die(1);
}

static void *need(void *memory) {
  if (memory == NULL) {
    fail("memory");
  }
  return memory;
}

#ifdef _WIN32
#include <wchar.h>
#include <windows.h>

static const DWORD STANDARD[] = {STD_INPUT_HANDLE, STD_OUTPUT_HANDLE, STD_ERROR_HANDLE};

static char *utf8(const wchar_t *text) {
  int size = WideCharToMultiByte(CP_UTF8, 0, text, -1, NULL, 0, NULL, NULL);
  char *result = need(malloc(size));
  WideCharToMultiByte(CP_UTF8, 0, text, -1, result, size, NULL, NULL);
  return result;
}

static wchar_t *wide(const char *text) {
  int size = MultiByteToWideChar(CP_UTF8, 0, text, -1, NULL, 0);
  wchar_t *result = need(malloc(size * sizeof(wchar_t)));
  MultiByteToWideChar(CP_UTF8, 0, text, -1, result, size);
  return result;
}

static void die(int code) { TerminateProcess(GetCurrentProcess(), (UINT)code); }

static void fail_with_last_error(const char *what) {
  char text[200];
  DWORD written;
  int size = snprintf(text, sizeof text, "child: %s: error %lu\n", what, GetLastError());
  WriteFile(GetStdHandle(STD_ERROR_HANDLE), text, size, &written, NULL);
  die(1);
}

static int is_broken_pipe(void) {
  DWORD error = GetLastError();
  return error == ERROR_BROKEN_PIPE || error == ERROR_NO_DATA || error == ERROR_PIPE_NOT_CONNECTED;
}

static long read_some(void *to, size_t most) {
  DWORD count = 0;
  if (!ReadFile(GetStdHandle(STD_INPUT_HANDLE), to, (DWORD)most, &count, NULL)) {
    if (!is_broken_pipe()) {
      fail_with_last_error("read");
    }
    return 0;
  }
  return (long)count;
}

static void write_all(int stream, const void *from, size_t size) {
  const char *next = from;
  while (size > 0) {
    DWORD count = 0;
    if (!WriteFile(GetStdHandle(STANDARD[stream]), next, (DWORD)size, &count, NULL)) {
      if (is_broken_pipe()) {
        die(BROKEN_PIPE);
      }
      fail_with_last_error("write");
    }
    next += count;
    size -= count;
  }
}

static void close_stream(int stream) {
  if (!CloseHandle(GetStdHandle(STANDARD[stream]))) {
    fail_with_last_error("close");
  }
}

/* As CommandLineToArgvW reads it again. */
static wchar_t *quoted(wchar_t *to, const wchar_t *argument) {
  size_t backslashes = 0;
  *to++ = L'"';
  for (; *argument != 0; argument++) {
    if (*argument == L'\\') {
      backslashes++;
    } else {
      if (*argument == L'"') {
        for (size_t i = 0; i <= backslashes; i++) {
          *to++ = L'\\';
        }
      }
      backslashes = 0;
    }
    *to++ = *argument;
  }
  for (size_t i = 0; i < backslashes; i++) {
    *to++ = L'\\';
  }
  *to++ = L'"';
  return to;
}

static void start_self(char **steps) {
  static wchar_t line[CHUNK];
  wchar_t program[MAX_PATH];
  GetModuleFileNameW(NULL, program, MAX_PATH);
  wchar_t *end = quoted(line, program);
  for (; *steps != NULL; steps++) {
    *end++ = L' ';
    end = quoted(end, wide(*steps));
  }
  *end = 0;
  STARTUPINFOW startup = {.cb = sizeof startup, .dwFlags = STARTF_USESTDHANDLES};
  startup.hStdInput = GetStdHandle(STD_INPUT_HANDLE);
  startup.hStdOutput = GetStdHandle(STD_OUTPUT_HANDLE);
  startup.hStdError = GetStdHandle(STD_ERROR_HANDLE);
  PROCESS_INFORMATION started;
  if (!CreateProcessW(program, line, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &started)) {
    fail_with_last_error("start");
  }
  CloseHandle(started.hThread);
  CloseHandle(started.hProcess);
}

static void sleep_millis(long millis) { Sleep((DWORD)millis); }

static int exists(const char *path, int is_directory) {
  DWORD attributes = GetFileAttributesW(wide(path));
  return attributes != INVALID_FILE_ATTRIBUTES && (!is_directory || (attributes & FILE_ATTRIBUTE_DIRECTORY));
}

static int create(const char *path) {
  HANDLE file = CreateFileW(wide(path), GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                            CREATE_NEW, FILE_ATTRIBUTE_NORMAL, NULL);
  return file != INVALID_HANDLE_VALUE && CloseHandle(file);
}

static char *environment_value(const char *name) {
  wchar_t *key = wide(name);
  DWORD size = GetEnvironmentVariableW(key, NULL, 0);
  if (size == 0) {
    return NULL;
  }
  wchar_t *value = need(malloc(size * sizeof(wchar_t)));
  GetEnvironmentVariableW(key, value, size);
  return utf8(value);
}

static int order(const void *left, const void *right) {
  return wcscmp(*(wchar_t *const *)left, *(wchar_t *const *)right);
}

static char **environment_names(size_t *count) {
  wchar_t *block = GetEnvironmentStringsW();
  wchar_t **names = NULL;
  *count = 0;
  for (wchar_t *entry = block, *next; *entry != 0; entry = next) {
    next = entry + wcslen(entry) + 1;
    wchar_t *equals = wcschr(entry + 1, L'='); /* the name of a directory of a drive begins with one */
    if (equals != NULL) {
      *equals = 0;
      names = need(realloc(names, ++*count * sizeof *names));
      names[*count - 1] = entry;
    }
  }
  qsort(names, *count, sizeof *names, order);
  char **result = need(malloc((*count + 1) * sizeof *result));
  for (size_t i = 0; i < *count; i++) {
    result[i] = utf8(names[i]);
  }
  return result;
}

static char *working_directory(void) {
  wchar_t path[4096];
  GetCurrentDirectoryW(4096, path);
  return utf8(path);
}

static DWORD WINAPI grow_old(void *unused) {
  (void)unused;
  Sleep(LONGEST_LIFE * 1000);
  die(TOO_OLD);
  return 0;
}

static void prepare(void) { CloseHandle(CreateThread(NULL, 0, grow_old, NULL, 0, NULL)); }

#else
#include <signal.h>
#include <spawn.h>
#include <time.h>
#include <unistd.h>

extern char **environ;
static const char *self;

static void die(int code) { _exit(code); }

static long read_some(void *to, size_t most) {
  ssize_t count;
  do {
    count = read(STDIN_FILENO, to, most);
  } while (count < 0 && errno == EINTR);
  if (count < 0) {
    fail("read");
  }
  return (long)count;
}

static void write_all(int stream, const void *from, size_t size) {
  const char *next = from;
  while (size > 0) {
    ssize_t count = write(stream, next, size);
    if (count >= 0) {
      next += count;
      size -= (size_t)count;
    } else if (errno == EPIPE) {
      die(BROKEN_PIPE);
    } else if (errno != EINTR) {
      fail("write");
    }
  }
}

/* As Java does, so that no other file gets the number. */
static void close_stream(int stream) {
  int null = open("/dev/null", O_WRONLY);
  if (null < 0 || dup2(null, stream) < 0) {
    fail("close");
  }
  close(null);
}

static void start_self(char **steps) {
  size_t count = 0;
  while (steps[count] != NULL) {
    count++;
  }
  char **argv = need(calloc(count + 2, sizeof *argv));
  argv[0] = "child";
  memcpy(argv + 1, steps, count * sizeof *argv);
  pid_t pid;
  errno = posix_spawn(&pid, self, NULL, NULL, argv, environ);
  if (errno != 0) {
    fail(self);
  }
}

static void sleep_millis(long millis) {
  struct timespec left = {millis / 1000, millis % 1000 * 1000000};
  while (nanosleep(&left, &left) < 0 && errno == EINTR) {
  }
}

static int exists(const char *path, int is_directory) {
  struct stat found;
  return stat(path, &found) == 0 && (!is_directory || S_ISDIR(found.st_mode));
}

static int create(const char *path) {
  int file = open(path, O_WRONLY | O_CREAT | O_EXCL, 0666);
  return file >= 0 && close(file) == 0;
}

static char *environment_value(const char *name) { return getenv(name); }

static int order(const void *left, const void *right) {
  return strcmp(*(char *const *)left, *(char *const *)right);
}

static char **environment_names(size_t *count) {
  char **names = NULL;
  *count = 0;
  for (char **entry = environ; *entry != NULL; entry++) {
    char *name = need(strdup(*entry));
    char *equals = *name == 0 ? NULL : strchr(name + 1, '=');
    if (equals != NULL) {
      *equals = 0;
      names = need(realloc(names, ++*count * sizeof *names));
      names[*count - 1] = name;
    }
  }
  if (names != NULL) {
    qsort(names, *count, sizeof *names, order);
  }
  return names;
}

static char *working_directory(void) {
  char *path = getcwd(NULL, 0);
  if (path == NULL) {
    fail("getcwd");
  }
  return path;
}

static void grow_old(int signal) {
  (void)signal;
  die(TOO_OLD);
}

static void outlive(int signal) { (void)signal; }

static void prepare(void) {
  struct sigaction action = {0};
  sigset_t alarms;
  sigemptyset(&action.sa_mask);
  action.sa_handler = outlive; /* write() then reports EPIPE; a handler is not inherited, SIG_IGN would be */
  sigaction(SIGPIPE, &action, NULL);
  action.sa_handler = SIG_DFL;
  action.sa_flags = SA_NOCLDWAIT; /* no grandchild becomes a zombie */
  sigaction(SIGCHLD, &action, NULL);
  action.sa_handler = grow_old;
  action.sa_flags = 0;
  sigaction(SIGALRM, &action, NULL);
  sigemptyset(&alarms);
  sigaddset(&alarms, SIGALRM);
  sigprocmask(SIG_UNBLOCK, &alarms, NULL);
  alarm(LONGEST_LIFE);
}
#endif

/* SHA-256 of FIPS 180-4. */

typedef struct {
  uint32_t state[8];
  uint64_t size;
  uint8_t block[64];
} Digest;

static const uint32_t ROUND[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t rotated(uint32_t x, int by) { return x >> by | x << (32 - by); }

static void digest_block(Digest *digest) {
  uint32_t w[64], s[8];
  for (int i = 0; i < 16; i++) {
    const uint8_t *b = digest->block + 4 * i;
    w[i] = (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
  }
  for (int i = 16; i < 64; i++) {
    uint32_t low = rotated(w[i - 15], 7) ^ rotated(w[i - 15], 18) ^ w[i - 15] >> 3;
    uint32_t high = rotated(w[i - 2], 17) ^ rotated(w[i - 2], 19) ^ w[i - 2] >> 10;
    w[i] = w[i - 16] + low + w[i - 7] + high;
  }
  memcpy(s, digest->state, sizeof s);
  for (int i = 0; i < 64; i++) {
    uint32_t high = rotated(s[4], 6) ^ rotated(s[4], 11) ^ rotated(s[4], 25);
    uint32_t first = s[7] + high + ((s[4] & s[5]) ^ (~s[4] & s[6])) + ROUND[i] + w[i];
    uint32_t low = rotated(s[0], 2) ^ rotated(s[0], 13) ^ rotated(s[0], 22);
    uint32_t second = low + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
    memmove(s + 1, s, 7 * sizeof *s);
    s[4] += first;
    s[0] = first + second;
  }
  for (int i = 0; i < 8; i++) {
    digest->state[i] += s[i];
  }
}

static void digest_add(Digest *digest, const uint8_t *bytes, size_t size) {
  for (size_t i = 0; i < size; i++) {
    digest->block[digest->size++ % 64] = bytes[i];
    if (digest->size % 64 == 0) {
      digest_block(digest);
    }
  }
}

static void digest_end(Digest *digest) {
  uint64_t bits = digest->size * 8;
  uint8_t end[8];
  for (int i = 0; i < 8; i++) {
    end[i] = (uint8_t)(bits >> (56 - 8 * i));
  }
  digest_add(digest, (const uint8_t *)"\x80", 1);
  while (digest->size % 64 != 56) {
    digest_add(digest, (const uint8_t *)"", 1);
  }
  digest_add(digest, end, 8);
}

/* The behaviours. */

static uint8_t chunk[CHUNK];

static void print(const char *text) { write_all(1, text, strlen(text)); }

static uint8_t *from_hex(const char *digits, size_t *size) {
  *size = strlen(digits) / 2;
  uint8_t *bytes = need(malloc(*size + 1));
  for (size_t i = 0; i < *size; i++) {
    char pair[] = {digits[2 * i], digits[2 * i + 1], 0};
    bytes[i] = (uint8_t)strtoul(pair, NULL, 16);
  }
  return bytes;
}

static void write_hex(int stream, const char *digits) {
  size_t size;
  uint8_t *bytes = from_hex(digits, &size);
  write_all(stream, bytes, size);
}

static void copy(int to_stdout, int to_stderr) {
  long count;
  while ((count = read_some(chunk, CHUNK)) > 0) {
    if (to_stdout) {
      write_all(1, chunk, (size_t)count);
    }
    if (to_stderr) {
      write_all(2, chunk, (size_t)count);
    }
  }
}

static void digest_input(void) {
  Digest digest = {{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19}, 0, {0}};
  char text[100];
  long count;
  while ((count = read_some(chunk, CHUNK)) > 0) {
    digest_add(&digest, chunk, (size_t)count);
  }
  int end = snprintf(text, sizeof text, "%llu ", (unsigned long long)digest.size);
  digest_end(&digest);
  for (int i = 0; i < 8; i++) {
    end += snprintf(text + end, sizeof text - (size_t)end, "%08x", (unsigned)digest.state[i]);
  }
  print(text);
}

static void expect(const char *digits) {
  size_t size, seen = 0;
  uint8_t *expected = from_hex(digits, &size);
  int same = 1;
  long count;
  while ((count = read_some(chunk, CHUNK)) > 0) {
    same = same && seen + (size_t)count <= size && memcmp(expected + seen, chunk, (size_t)count) == 0;
    seen += (size_t)count;
  }
  if (!same || seen != size) {
    die(1);
  }
}

/* Byte by byte, so that the rest of stdin is there for the next behaviour. */
static void answer(void) {
  char *line = need(strdup("got "));
  size_t size = strlen(line);
  char next;
  while (read_some(&next, 1) > 0 && next != '\n') {
    line = need(realloc(line, size + 2));
    line[size++] = next;
  }
  line[size++] = '\n';
  write_all(1, line, size);
}

static void pass(long left, int to_stdout) {
  while (left > 0) {
    long count = read_some(chunk, (size_t)(left < CHUNK ? left : CHUNK));
    if (count == 0) {
      return;
    }
    if (to_stdout) {
      write_all(1, chunk, (size_t)count);
    }
    left -= count;
  }
}

/* The bytes of Pattern. */
static void flood(uint64_t size) {
  for (uint64_t offset = 0; offset < size; offset += CHUNK) {
    size_t part = (size_t)(size - offset < CHUNK ? size - offset : CHUNK);
    for (int seed = 1; seed <= 2; seed++) {
      for (size_t i = 0; i < part; i++) {
        uint64_t index = offset + i;
        chunk[i] = (uint8_t)(index * 31 + (index >> 8) * 7 + (index >> 16) * 13 + (uint64_t)seed);
      }
      write_all(seed, chunk, part);
    }
  }
}

static void live(void) {
  for (;;) {
    sleep_millis(LONGEST_LIFE * 1000L);
  }
}

/* Volatile, or the compiler leaves out what is never read. */
static void fill(size_t size) {
  volatile uint8_t *memory = need(malloc(size));
  for (size_t i = 0; i < size; i++) {
    memory[i] = 1;
  }
}

/* A file is the one event that every system and every redirect leaves open. Or the test is over, and its directory gone. */
static void await_file(const char *path) {
  char *directory = need(strdup(path));
  char *end = directory + strlen(directory);
  while (end > directory && *end != '/' && *end != '\\') {
    end--;
  }
  *end = 0;
  while (!exists(path, 0) && exists(directory, 1)) {
    sleep_millis(2);
  }
}

static void touch(const char *path) {
  if (!create(path)) {
    fail(path);
  }
}

static void print_variable(const char *name) {
  char *value = environment_value(name);
  print(name);
  print(value == NULL ? " unset\n" : "=");
  if (value != NULL) {
    print(value);
    print("\n");
  }
}

static void print_names(void) {
  size_t count;
  char **names = environment_names(&count);
  for (size_t i = 0; i < count; i++) {
    print(i == 0 ? "" : "\n");
    print(names[i]);
  }
}

static void print_arguments(char **arguments) {
  print("[");
  for (int i = 0; arguments[i] != NULL; i++) {
    print(i == 0 ? "" : "][");
    print(arguments[i]);
  }
  print("]");
}

static void start_joined(char *words) {
  char **steps = need(malloc((strlen(words) + 2) * sizeof *steps));
  size_t count = 0;
  steps[count++] = words;
  for (char *c = words; *c != 0; c++) {
    if (*c == '|') {
      *c = 0;
      steps[count++] = c + 1;
    }
  }
  steps[count] = NULL;
  start_self(steps);
}

/* The names with one argument, and those with none. Two take all that are left. */
static int does_one(const char *name, char *argument) {
  if (!strcmp(name, "OUT")) {
    write_hex(1, argument);
  } else if (!strcmp(name, "ERR")) {
    write_hex(2, argument);
  } else if (!strcmp(name, "EXPECT")) {
    expect(argument);
  } else if (!strcmp(name, "READ")) {
    pass(atol(argument), 0);
  } else if (!strcmp(name, "PASS")) {
    pass(atol(argument), 1);
  } else if (!strcmp(name, "FLOOD")) {
    flood(strtoull(argument, NULL, 10));
  } else if (!strcmp(name, "SLEEP")) {
    sleep_millis(atol(argument));
  } else if (!strcmp(name, "FILL")) {
    fill((size_t)strtoull(argument, NULL, 10));
  } else if (!strcmp(name, "AWAIT_FILE")) {
    await_file(argument);
  } else if (!strcmp(name, "TOUCH")) {
    touch(argument);
  } else if (!strcmp(name, "EXIT")) {
    die((int)strtoll(argument, NULL, 10));
  } else if (!strcmp(name, "PRINT_ENV")) {
    print_variable(argument);
  } else if (!strcmp(name, "STARTING")) {
    start_joined(argument);
  } else {
    return 0;
  }
  return 1;
}

static int does_alone(const char *name) {
  if (!strcmp(name, "CAT")) {
    copy(1, 0);
  } else if (!strcmp(name, "CAT_BOTH")) {
    copy(1, 1);
  } else if (!strcmp(name, "DIGEST")) {
    digest_input();
  } else if (!strcmp(name, "ANSWER")) {
    answer();
  } else if (!strcmp(name, "AWAIT_EOF")) {
    copy(0, 0);
  } else if (!strcmp(name, "LIVE")) {
    live();
  } else if (!strcmp(name, "CLOSE_IN")) {
    close_stream(0);
  } else if (!strcmp(name, "CLOSE_OUT")) {
    close_stream(1);
  } else if (!strcmp(name, "CLOSE_ERR")) {
    close_stream(2);
  } else if (!strcmp(name, "PRINT_ENV_NAMES")) {
    print_names();
  } else if (!strcmp(name, "PRINT_CWD")) {
    print(working_directory());
  } else {
    return 0;
  }
  return 1;
}

static void run(char **steps) {
  prepare();
  while (*steps != NULL) {
    char *name = *steps++;
    if (!strcmp(name, "PRINT_ARGS")) {
      print_arguments(steps);
      break;
    }
    if (!strcmp(name, "GRANDCHILD")) {
      start_self(steps);
      break;
    }
    if (!does_alone(name)) {
      if (*steps == NULL || !does_one(name, *steps++)) {
        errno = EINVAL;
        fail(name);
      }
    }
  }
  die(0);
}

#ifdef _WIN32
int wmain(int argc, wchar_t **argv) {
  char **steps = need(calloc((size_t)argc + 1, sizeof *steps));
  for (int i = 1; i < argc; i++) {
    steps[i - 1] = utf8(argv[i]);
  }
  run(steps);
  return 1;
}
#else
int main(int argc, char **argv) {
  (void)argc;
  self = exists("/proc/self/exe", 0) ? "/proc/self/exe" : argv[0];
  run(argv + 1);
  return 1;
}
#endif
