/*
 * A child for Windows, which has no dd: so many MiB of zero bytes on stdout.
 */
#include <stdlib.h>
#include <windows.h>

static char piece[1 << 20];

int main(int argc, char **argv) {
  HANDLE out = GetStdHandle(STD_OUTPUT_HANDLE);
  for (int left = argc == 2 ? atoi(argv[1]) : 0; left > 0; left--) {
    for (DWORD done = 0, n; done < sizeof piece; done += n) {
      if (!WriteFile(out, piece + done, sizeof piece - done, &n, NULL)) return 1;
    }
  }
  return 0;
}
