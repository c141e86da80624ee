/*
 * Makes a folder behave like one on a network file system, for a program that this library is
 * loaded into (LD_PRELOAD). What fails is chosen by the environment:
 *
 *   SHIM_FOLDER   the folder, links followed; everything below it is meant
 *   SHIM_LOCKS    what locks of files do: fail with this number as errno; 0: succeed without effect
 *   SHIM_MAPS     set: memory that is shared through a file is refused (ENODEV)
 *   SHIM_LINKS    set: second names are refused (EPERM)
 *   SHIM_MODES    set: modes cannot be changed (EPERM)
 *   SHIM_FLUSHES  set: directories cannot be flushed (EINVAL)
 *   SHIM_MOUNTS   a file that is read in place of /proc/self/mountinfo
 *   SHIM_LOG      a file to which each of these adds a letter: l, m, n, c, f, o
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define REAL(type, name, ...) ((type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name))

static int open_really(const char *path, int flags) {
  return REAL(int, open, const char *, int, ...)(path, flags, 0666);
}

static int refuse(const char *letter, int error) {
  const char *log = getenv("SHIM_LOG");
  int file = log ? open_really(log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC) : -1;
  if (file >= 0) {
    ssize_t written = write(file, letter, 1);
    (void)written;
    close(file);
  }
  errno = error;
  return -1;
}

static int path_is_below(const char *path) {
  const char *folder = getenv("SHIM_FOLDER");
  size_t length = folder ? strlen(folder) : 0;
  return length > 0 && strncmp(path, folder, length) == 0 &&
         (path[length] == '/' || path[length] == 0);
}

static int is_below(int descriptor) {
  char name[64], path[PATH_MAX + 1];
  snprintf(name, sizeof name, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(name, path, PATH_MAX);
  if (length < 0) return 0;
  path[length] = 0;
  return path_is_below(path);
}

static int is_lock(int command) {
  return command == F_SETLK || command == F_SETLKW || command == F_GETLK ||
         command == F_OFD_SETLK || command == F_OFD_SETLKW || command == F_OFD_GETLK;
}

static int control(int (*real)(int, int, ...), int descriptor, int command, void *argument) {
  const char *locks = getenv("SHIM_LOCKS");
  if (!locks || !is_lock(command) || !is_below(descriptor))
    return real(descriptor, command, argument);
  if (atoi(locks) != 0) return refuse("l", atoi(locks));
  if (command == F_GETLK || command == F_OFD_GETLK) ((struct flock *)argument)->l_type = F_UNLCK;
  refuse("l", 0);
  return 0;
}

int fcntl(int descriptor, int command, ...) {
  va_list rest;
  va_start(rest, command);
  void *argument = va_arg(rest, void *);
  va_end(rest);
  return control(REAL(int, fcntl, int, int, ...), descriptor, command, argument);
}

int fcntl64(int descriptor, int command, ...) {
  va_list rest;
  va_start(rest, command);
  void *argument = va_arg(rest, void *);
  va_end(rest);
  return control(REAL(int, fcntl64, int, int, ...), descriptor, command, argument);
}

void *mmap64(void *address, size_t length, int protection, int flags, int descriptor, off_t start) {
  if (getenv("SHIM_MAPS") && (flags & MAP_SHARED) && descriptor >= 0 && is_below(descriptor)) {
    refuse("m", ENODEV);
    return MAP_FAILED;
  }
  return REAL(void *, mmap, void *, size_t, int, int, int, off_t)(
      address, length, protection, flags, descriptor, start);
}

void *mmap(void *address, size_t length, int protection, int flags, int descriptor, off_t start) {
  return mmap64(address, length, protection, flags, descriptor, start);
}

int linkat(int from, const char *existing, int to, const char *name, int flags) {
  if (getenv("SHIM_LINKS") && path_is_below(name)) return refuse("n", EPERM);
  return REAL(int, linkat, int, const char *, int, const char *, int)(
      from, existing, to, name, flags);
}

int link(const char *existing, const char *name) {
  if (getenv("SHIM_LINKS") && path_is_below(name)) return refuse("n", EPERM);
  return REAL(int, link, const char *, const char *)(existing, name);
}

int chmod(const char *path, mode_t mode) {
  if (getenv("SHIM_MODES") && path_is_below(path)) return refuse("c", EPERM);
  return REAL(int, chmod, const char *, mode_t)(path, mode);
}

int fchmod(int descriptor, mode_t mode) {
  if (getenv("SHIM_MODES") && is_below(descriptor)) return refuse("c", EPERM);
  return REAL(int, fchmod, int, mode_t)(descriptor, mode);
}

int fsync(int descriptor) {
  struct stat found;
  if (getenv("SHIM_FLUSHES") && is_below(descriptor) && fstat(descriptor, &found) == 0 &&
      S_ISDIR(found.st_mode))
    return refuse("f", EINVAL);
  return REAL(int, fsync, int)(descriptor);
}

static const char *meant(const char *path) {
  const char *mounts = getenv("SHIM_MOUNTS");
  if (!mounts || !path || strcmp(path, "/proc/self/mountinfo") != 0) return path;
  refuse("o", 0);
  return mounts;
}

#define OPEN(name)                                                                    \
  int name(const char *path, int flags, ...) {                                        \
    va_list rest;                                                                     \
    va_start(rest, flags);                                                            \
    mode_t mode = va_arg(rest, mode_t);                                               \
    va_end(rest);                                                                     \
    return REAL(int, name, const char *, int, ...)(meant(path), flags, mode);         \
  }

#define OPENAT(name)                                                                  \
  int name(int folder, const char *path, int flags, ...) {                            \
    va_list rest;                                                                     \
    va_start(rest, flags);                                                            \
    mode_t mode = va_arg(rest, mode_t);                                               \
    va_end(rest);                                                                     \
    return REAL(int, name, int, const char *, int, ...)(folder, meant(path), flags, mode); \
  }

OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)
