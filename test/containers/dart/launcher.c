/* Head of a program made by the stand-in for `dart compile exe`. Behind it in the same file lie the Dart VM, its
 * libraries and the compiled program; it puts each into memory and starts the VM on them, so that nothing is written
 * and a read-only image works. It is linked dynamically on purpose: a program made by the real `dart compile exe`
 * needs the image's C library too.
 *
 * Layout of the file: this program | parts, one after another | one line of text: sizes of the parts, then the
 * length of that line in 8 digits. The first part is the loader, the last but one the VM, the last the program. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>

enum { MOST_PARTS = 16, TAIL = 8 };

static void give_up(const char *what) {
  perror(what);
  exit(127);
}

static int load(int file, off_t *from, size_t size) {
  int part = memfd_create("dart", 0);
  if (part < 0) give_up("memfd_create");
  while (size > 0) {
    ssize_t sent = sendfile(part, file, from, size);
    if (sent <= 0) give_up("sendfile");
    size -= (size_t)sent;
  }
  return part;
}

int main(int count, char **arguments) {
  char tail[TAIL + 1] = {0}, line[512] = {0};
  long sizes[MOST_PARTS];
  int parts = 0, file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
  if (file < 0) give_up("/proc/self/exe");
  off_t end = lseek(file, 0, SEEK_END) - TAIL;
  if (pread(file, tail, TAIL, end) != TAIL) give_up("tail");
  long length = atol(tail);
  if (length <= 0 || length >= (long)sizeof line) give_up("length");
  end -= length;
  if (pread(file, line, (size_t)length, end) != length) give_up("sizes");
  off_t from = end;
  for (char *word = strtok(line, " \n"); word && parts < MOST_PARTS; word = strtok(NULL, " \n")) {
    sizes[parts] = atol(word);
    from -= sizes[parts++];
  }
  if (parts < 3) give_up("parts");

  char paths[MOST_PARTS][32], preload[MOST_PARTS * 32] = "";
  for (int part = 0; part < parts; part++) {
    snprintf(paths[part], sizeof paths[part], "/proc/self/fd/%d", load(file, &from, (size_t)sizes[part]));
    if (part == 0 || part >= parts - 2) continue;
    if (*preload) strcat(preload, ":");
    strcat(preload, paths[part]);
  }
  char **command = calloc((size_t)count + 6, sizeof *command);
  if (!command) give_up("calloc");
  int at = 0;
  command[at++] = arguments[0];
  command[at++] = "--preload";
  command[at++] = preload;
  command[at++] = paths[parts - 2];
  command[at++] = paths[parts - 1];
  for (int argument = 1; argument < count; argument++) command[at++] = arguments[argument];
  execv(paths[0], command);
  give_up("exec");
}
