/* SPDX-License-Identifier: Apache-2.0 */
/* Preloaded into a program: fsync and fdatasync of files whose path contains $DROP_SYNC say that all is well and do
   nothing. What such a program acknowledged may be lost in a power cut, and a test of power cuts has to find it. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int dropped(int descriptor) {
  const char* wanted = getenv("DROP_SYNC");
  char link[64], path[4096];
  if (!wanted) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  const ssize_t size = readlink(link, path, sizeof path - 1);
  if (size < 0) return 0;
  path[size] = '\0';
  return strstr(path, wanted) != NULL;
}

int fsync(int descriptor) {
  static int (*real)(int);
  if (dropped(descriptor)) return 0;
  if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  return real(descriptor);
}

int fdatasync(int descriptor) {
  static int (*real)(int);
  if (dropped(descriptor)) return 0;
  if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  return real(descriptor);
}
