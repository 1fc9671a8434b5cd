/* Writes down what a program does to the files under FAULTS_UNDER, in the order in which it came true (for LD_PRELOAD).

   One record an operation, appended whole to FAULTS_LOG: whatever comes after a call has returned stands behind it, in
   this process and in every other one. A sync is two records, one before and one after: only what was written before it
   began is promised by it. The calls themselves are made as asked. Nothing is faked here; replay.py plays the power cut. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { WRITE = 1, TRUNCATE, SYNC_BEGIN, SYNC_END, CREATE, RENAME, LINK, UNLINK, MKDIR, RMDIR };
struct head { uint32_t size; uint16_t op; uint16_t a, b; uint16_t pad; uint32_t pid; uint64_t ino, offset; uint32_t data; uint32_t pad2; };

static int log_fd(void) {
  static int fd = -1;
  if (fd < 0) {
    const char *path = getenv("FAULTS_LOG");
    if (path) fd = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    if (fd >= 0 && fd < 200) { /* out of the way of programs that close or pass low numbers */
      int high = fcntl(fd, F_DUPFD_CLOEXEC, 900);
      if (high >= 0) { syscall(SYS_close, fd); fd = high; }
    }
  }
  return fd;
}

static int inside(const char *path) {
  const char *under = getenv("FAULTS_UNDER");
  size_t n;
  if (!under || !path) return 0;
  n = strlen(under);
  return strncmp(path, under, n) == 0 && (path[n] == '/' || path[n] == 0);
}

static int path_of(int fd, char *out) {
  char link[64];
  ssize_t n;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  n = syscall(SYS_readlinkat, AT_FDCWD, link, out, PATH_MAX - 1);
  if (n <= 0) return 0;
  out[n] = 0;
  return out[0] == '/';
}

/* An absolute path with "." and ".." taken out. */
static int absolute(int at, const char *path, char *out) {
  char base[PATH_MAX * 2];
  size_t n = 0;
  if (!path) return 0;
  if (path[0] == '/') snprintf(base, sizeof base, "%s", path);
  else {
    char folder[PATH_MAX];
    if (at == AT_FDCWD) { if (syscall(SYS_getcwd, folder, sizeof folder) <= 0) return 0; }
    else if (!path_of(at, folder)) return 0;
    snprintf(base, sizeof base, "%s/%s", folder, path);
  }
  for (char *save, *part = strtok_r(base, "/", &save); part; part = strtok_r(NULL, "/", &save)) {
    if (!strcmp(part, ".")) continue;
    if (!strcmp(part, "..")) { while (n && out[n - 1] != '/') n--; if (n) n--; continue; }
    if (n + strlen(part) + 2 > PATH_MAX) return 0;
    out[n++] = '/'; strcpy(out + n, part); n += strlen(part);
  }
  out[n] = 0;
  return n > 0;
}

static void note(int op, uint64_t ino, uint64_t offset, const char *a, const char *b, const struct iovec *parts, int count, size_t data) {
  struct head h = {0};
  struct iovec all[1024];
  int fd = log_fd(), saved = errno, n = 3;
  size_t left = data;
  if (fd < 0) return;
  h.op = op; h.pid = syscall(SYS_gettid); h.ino = ino; h.offset = offset; h.data = data;
  h.a = a ? strlen(a) : 0; h.b = b ? strlen(b) : 0; h.size = sizeof h + h.a + h.b + data;
  all[0] = (struct iovec){&h, sizeof h}; all[1] = (struct iovec){(void *)(a ? a : ""), h.a}; all[2] = (struct iovec){(void *)(b ? b : ""), h.b};
  for (int i = 0; i < count && left && n < 1024; i++) {
    size_t take = parts[i].iov_len < left ? parts[i].iov_len : left;
    all[n++] = (struct iovec){parts[i].iov_base, take}; left -= take;
  }
  if (syscall(SYS_writev, fd, all, n) != (long)h.size) abort(); /* a recording with a hole proves nothing */
  errno = saved;
}

static uint64_t file_of(int fd, char *path) {
  struct stat s;
  if (!path_of(fd, path) || !inside(path) || fstat(fd, &s)) return 0;
  return S_ISREG(s.st_mode) || S_ISDIR(s.st_mode) ? s.st_ino : 0;
}

static void wrote(int fd, const struct iovec *parts, int count, ssize_t n, int64_t offset) {
  char path[PATH_MAX];
  int saved = errno;
  uint64_t ino;
  if (n > 0 && log_fd() >= 0 && (ino = file_of(fd, path))) {
    if (offset < 0) offset = syscall(SYS_lseek, fd, 0, SEEK_CUR) - n;
    note(WRITE, ino, offset, NULL, NULL, parts, count, n);
  }
  errno = saved;
}

ssize_t write(int fd, const void *data, size_t n) {
  struct iovec one = {(void *)data, n};
  ssize_t done = syscall(SYS_write, fd, data, n);
  wrote(fd, &one, 1, done, -1);
  return done;
}
ssize_t pwrite64(int fd, const void *data, size_t n, off64_t at) {
  struct iovec one = {(void *)data, n};
  ssize_t done = syscall(SYS_pwrite64, fd, data, n, at);
  wrote(fd, &one, 1, done, at);
  return done;
}
ssize_t pwrite(int fd, const void *data, size_t n, off_t at) { return pwrite64(fd, data, n, at); }
ssize_t writev(int fd, const struct iovec *parts, int count) {
  ssize_t done = syscall(SYS_writev, fd, parts, count);
  wrote(fd, parts, count, done, -1);
  return done;
}
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t at) {
  ssize_t done = syscall(SYS_pwritev, fd, parts, count, (unsigned long)at, 0UL);
  wrote(fd, parts, count, done, at);
  return done;
}
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at) { return pwritev64(fd, parts, count, at); }

static int synced(int fd, long call) {
  char path[PATH_MAX];
  uint64_t ino = file_of(fd, path);
  int done;
  if (ino) note(SYNC_BEGIN, ino, 0, path, NULL, NULL, 0, 0);
  done = syscall(call, fd);
  if (ino && done == 0) note(SYNC_END, ino, 0, path, NULL, NULL, 0, 0);
  return done;
}
int fsync(int fd) { return synced(fd, SYS_fsync); }
int fdatasync(int fd) { return synced(fd, SYS_fdatasync); }

int ftruncate64(int fd, off64_t size) {
  char path[PATH_MAX];
  int done = syscall(SYS_ftruncate, fd, size);
  uint64_t ino;
  if (done == 0 && (ino = file_of(fd, path))) note(TRUNCATE, ino, size, NULL, NULL, NULL, 0, 0);
  return done;
}
int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

/* Grown with zeroes: as a truncation to the new size. */
static void grown(int fd, off64_t end) {
  char path[PATH_MAX];
  struct stat s;
  uint64_t ino = file_of(fd, path);
  if (ino && fstat(fd, &s) == 0 && s.st_size == end) note(TRUNCATE, ino, end, NULL, NULL, NULL, 0, 0);
}
int fallocate64(int fd, int mode, off64_t at, off64_t n) {
  int done = syscall(SYS_fallocate, fd, mode, at, n);
  if (done == 0 && mode == 0) grown(fd, at + n);
  return done;
}
int fallocate(int fd, int mode, off_t at, off_t n) { return fallocate64(fd, mode, at, n); }
int posix_fallocate64(int fd, off64_t at, off64_t n) {
  int saved = errno, done = syscall(SYS_fallocate, fd, 0, at, n) == 0 ? 0 : errno;
  errno = saved;
  if (done == 0) grown(fd, at + n);
  return done;
}
int posix_fallocate(int fd, off_t at, off_t n) { return posix_fallocate64(fd, at, n); }

static int opened(int at, const char *path, int flags, mode_t mode) {
  char full[PATH_MAX];
  struct stat s;
  int fresh = 0, watched = (flags & (O_CREAT | O_TRUNC)) && absolute(at, path, full) && inside(full), fd;
  if (watched && (flags & O_CREAT)) fresh = syscall(SYS_newfstatat, AT_FDCWD, full, &s, 0) != 0;
  errno = 0;
  fd = syscall(SYS_openat, at, path, flags, mode);
  if (fd >= 0 && watched && fstat(fd, &s) == 0 && S_ISREG(s.st_mode)) {
    if (fresh) note(CREATE, s.st_ino, 0, full, NULL, NULL, 0, 0);
    else if (flags & O_TRUNC) note(TRUNCATE, s.st_ino, 0, NULL, NULL, NULL, 0, 0);
  }
  return fd;
}
#define MODE(flags) mode_t mode = 0; if ((flags) & (O_CREAT | __O_TMPFILE)) { va_list l; va_start(l, flags); mode = va_arg(l, mode_t); va_end(l); }
int open(const char *path, int flags, ...) { MODE(flags) return opened(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags) return opened(AT_FDCWD, path, flags | O_LARGEFILE, mode); }
int openat(int at, const char *path, int flags, ...) { MODE(flags) return opened(at, path, flags, mode); }
int openat64(int at, const char *path, int flags, ...) { MODE(flags) return opened(at, path, flags | O_LARGEFILE, mode); }
int creat(const char *path, mode_t mode) { return opened(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int creat64(const char *path, mode_t mode) { return creat(path, mode); }

/* The standard library's own fopen does not come by open(): what our programs sync they open themselves. */

static int two(int op, long done, int from_at, const char *from, int to_at, const char *to) {
  char a[PATH_MAX], b[PATH_MAX];
  struct stat s;
  if (done == 0 && absolute(from_at, from, a) && absolute(to_at, to, b) && (inside(a) || inside(b))
      && syscall(SYS_newfstatat, AT_FDCWD, b, &s, AT_SYMLINK_NOFOLLOW) == 0)
    note(op, s.st_ino, 0, a, b, NULL, 0, 0);
  return done;
}
int rename(const char *from, const char *to) { return two(RENAME, syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0), AT_FDCWD, from, AT_FDCWD, to); }
int renameat(int f, const char *from, int t, const char *to) { return two(RENAME, syscall(SYS_renameat2, f, from, t, to, 0), f, from, t, to); }
int renameat2(int f, const char *from, int t, const char *to, unsigned flags) { return two(RENAME, syscall(SYS_renameat2, f, from, t, to, flags), f, from, t, to); }
int link(const char *from, const char *to) { return two(LINK, syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0), AT_FDCWD, from, AT_FDCWD, to); }
int linkat(int f, const char *from, int t, const char *to, int flags) { return two(LINK, syscall(SYS_linkat, f, from, t, to, flags), f, from, t, to); }

static int one(int op, int done, int at, const char *path) {
  char a[PATH_MAX];
  if (done == 0 && absolute(at, path, a) && inside(a)) note(op, 0, 0, a, NULL, NULL, 0, 0);
  return done;
}
int unlink(const char *path) { return one(UNLINK, syscall(SYS_unlinkat, AT_FDCWD, path, 0), AT_FDCWD, path); }
int unlinkat(int at, const char *path, int flags) { return one(flags & AT_REMOVEDIR ? RMDIR : UNLINK, syscall(SYS_unlinkat, at, path, flags), at, path); }
int mkdir(const char *path, mode_t mode) { return one(MKDIR, syscall(SYS_mkdirat, AT_FDCWD, path, mode), AT_FDCWD, path); }
int mkdirat(int at, const char *path, mode_t mode) { return one(MKDIR, syscall(SYS_mkdirat, at, path, mode), at, path); }
int rmdir(const char *path) { return one(RMDIR, syscall(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR), AT_FDCWD, path); }
