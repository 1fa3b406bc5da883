/*
 * A child that says much on both outputs at once: the file, in pieces of 64 KiB, to stdout and stderr in turn.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE (64 << 10)

static void say(int fd, const char *from, size_t size) {
  while (size > 0) {
    ssize_t n = write(fd, from, size);
    if (n <= 0) exit(1);
    from += n;
    size -= n;
  }
}

int main(int argc, char **argv) {
  int fd = argc == 2 ? open(argv[1], O_RDONLY) : -1;
  struct stat about;
  if (fd < 0 || fstat(fd, &about) != 0) return 2;
  size_t size = about.st_size;
  const char *file = mmap(NULL, size, PROT_READ, MAP_SHARED | MAP_POPULATE, fd, 0);
  if (file == MAP_FAILED) return 2;
  for (size_t done = 0; done < size; done += PIECE) {
    size_t piece = size - done < PIECE ? size - done : PIECE;
    say(1, file + done, piece);
    say(2, file + done, piece);
  }
  return 0;
}
