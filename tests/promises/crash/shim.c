/* Stands between a program and its C library and counts what it does to files below one folder; at the operation it was
 * told, it kills the process (before the operation, or behind the first half of a write), or says that the disk is full
 * or may only be read. Or it holds the process at every operation until somebody has looked at the files. Loaded by LD_PRELOAD, and asleep until `shim_arm`. Knows nothing of Python or of Tarjuman.
 *
 * Not seen: what the C library does inside itself (`fopen`, `fwrite`), and writing through `mmap`. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { DIE = 0, HALF = 1, FULL = 2, LATE = 3, READ_ONLY = 4, DENIED = 5, HOLD = 6 };
enum { OPEN, MAKE, WRITE, GROW, SYNC, MOVE, DROP, MODE }; /* what an operation is to a disk */

static int armed, how, report = -1, asking = -1, answering = -1;
static int held; /* the lock of whoever is being looked at */
static __thread int current = -1; /* the file that is written */
static __thread int rest = -1; /* the file whose write was cut in half: what is left goes through whole */
static long at, count;
static long ahead;
static char root[4096];

void shim_arm(long where, int what, int log, long seconds, const char *folder) {
    at = where, how = what, report = log, ahead = seconds, count = 0;
    strncpy(root, folder, sizeof root - 1);
    armed = 1;
}
void shim_hold(int ask, int answer) { asking = ask, answering = answer; }
long shim_count(void) { armed = 0; return count; }

static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }
#define REAL(name) ({ static __typeof__(&name) found; if (!found) found = real(#name); found; })

static void tell(long number, const char *verb, const char *name, size_t size) {
    char line[600];
    int length = snprintf(line, sizeof line, "%ld %s %zu %.400s\n", number, verb, size, name);
    if (report >= 0 && length > 0) syscall(SYS_write, report, line, (size_t)length < sizeof line ? (size_t)length : sizeof line - 1);
}

static int below(const char *path) {
    size_t length = strlen(root);
    return path && (path[0] != '/' || (!strncmp(path, root, length) && (path[length] == '/' || !path[length])));
}

static const char *name_of(int file, char *name) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = syscall(SYS_readlink, link, name, 4095);
    name[length > 0 ? length : 0] = 0;
    return name;
}

static int ours(int file, char *name) {
    struct stat seen;
    current = file;
    return armed && file > 2 && file != report && !syscall(SYS_fstat, file, &seen)
        && (S_ISREG(seen.st_mode) || S_ISDIR(seen.st_mode)) && below(name_of(file, name));
}

static void hold(long number, const char *verb, const char *name, size_t size) {
    char line[600], answer;
    int length = snprintf(line, sizeof line, "%ld %s %zu %.400s\n", number, verb, size, name);
    while (__sync_lock_test_and_set(&held, 1)) syscall(SYS_sched_yield);
    syscall(SYS_write, asking, line, (size_t)length);
    while (syscall(SYS_read, answering, &answer, 1) < 0) {}
    __sync_lock_release(&held);
}

/* 0: go on; > 0: the error to give; -1: do half of it, then call `halfway`. */
static int meets(int kind, const char *verb, const char *name, size_t size) {
    long number = __sync_add_and_fetch(&count, 1);
    if (how == HOLD) {
        int again = kind == WRITE && rest == current;
        rest = -1;
        if (again) return 0;
        hold(number, verb, name, size);
        return kind == WRITE && size > 1 ? -1 : 0;
    }
    if (at == 0 || number == at) tell(number, verb, name, size);
    if (at == 0 || number < at) return 0;
    if (how == DIE || how == HALF) {
        if (number > at) return 0; /* another thread, while this one dies */
        if (how == HALF && kind == WRITE && size > 1) return -1;
        syscall(SYS_kill, syscall(SYS_getpid), SIGKILL);
    }
    if (how == FULL && number == at && kind == WRITE && size > 1) return -1;
    if (how == FULL && (kind == MAKE || kind == WRITE || kind == GROW)) return ENOSPC;
    if (how == LATE && kind == SYNC) return ENOSPC;
    if (how == READ_ONLY && kind != SYNC) return EROFS;
    if (how == DENIED && (kind == OPEN || kind == MAKE || kind == MOVE || kind == DROP || kind == MODE)) return EACCES;
    return 0;
}
static void halfway(const char *verb, const char *name, size_t size) {
    if (how == HALF) syscall(SYS_kill, syscall(SYS_getpid), SIGKILL);
    if (how == HOLD) hold(count, verb, name, size), rest = current;
}


#define MEET(kind, verb, name, bad) \
    if (armed && below(name)) { int met = meets(kind, verb, name, 0); if (met > 0) { errno = met; return bad; } }

static int opening(const char *path, int flags) {
    if (!armed || !below(path) || !(flags & (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC)) ) return 0;
    struct stat seen;
    int there = !syscall(SYS_newfstatat, AT_FDCWD, path, &seen, 0);
    int met = meets((flags & O_CREAT) && !there ? MAKE : OPEN, "open", path, 0);
    if (met > 0) errno = met;
    return met;
}
#define OPENED(name) \
    int name(const char *path, int flags, ...) { \
        va_list more; va_start(more, flags); mode_t mode = va_arg(more, int); va_end(more); \
        return opening(path, flags) > 0 ? -1 : REAL(name)(path, flags, mode); }
OPENED(open)
OPENED(open64)
#define OPENED_AT(name) \
    int name(int folder, const char *path, int flags, ...) { \
        va_list more; va_start(more, flags); mode_t mode = va_arg(more, int); va_end(more); \
        return opening(path, flags) > 0 ? -1 : REAL(name)(folder, path, flags, mode); }
OPENED_AT(openat)
OPENED_AT(openat64)
int creat(const char *path, mode_t mode) { return open(path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int creat64(const char *path, mode_t mode) { return open64(path, O_CREAT | O_WRONLY | O_TRUNC, mode); }

#define WRITTEN(name, arguments, call, halved) \
    ssize_t name arguments { \
        char where[4096]; \
        if (ours(file, where)) { \
            int met = meets(WRITE, #name, where, size); \
            if (met > 0) { errno = met; return -1; } \
            if (met < 0) { ssize_t done = halved; halfway("half of a " #name, where, size); return done; } } \
        return call; }
WRITTEN(write, (int file, const void *data, size_t size), REAL(write)(file, data, size), REAL(write)(file, data, size / 2))
WRITTEN(pwrite, (int file, const void *data, size_t size, off_t to),
        REAL(pwrite)(file, data, size, to), REAL(pwrite)(file, data, size / 2, to))
WRITTEN(pwrite64, (int file, const void *data, size_t size, off64_t to),
        REAL(pwrite64)(file, data, size, to), REAL(pwrite64)(file, data, size / 2, to))
WRITTEN(sendfile, (int file, int from, off_t *begin, size_t size),
        REAL(sendfile)(file, from, begin, size), REAL(sendfile)(file, from, begin, size > 4096 ? 4096 : size / 2))
WRITTEN(sendfile64, (int file, int from, off64_t *begin, size_t size),
        REAL(sendfile64)(file, from, begin, size), REAL(sendfile64)(file, from, begin, size > 4096 ? 4096 : size / 2))
ssize_t copy_file_range(int from, off64_t *begin, int file, off64_t *to, size_t size, unsigned flags) {
    char where[4096];
    if (ours(file, where)) {
        int met = meets(WRITE, "copy_file_range", where, size);
        if (met > 0) { errno = met; return -1; }
        if (met < 0) { ssize_t done = REAL(copy_file_range)(from, begin, file, to, size > 4096 ? 4096 : size / 2, flags); halfway("half of a copy", where, size); return done; }
    }
    return REAL(copy_file_range)(from, begin, file, to, size, flags);
}
ssize_t writev(int file, const struct iovec *parts, int number) {
    char where[4096];
    if (number > 0 && ours(file, where)) {
        size_t size = 0;
        for (int part = 0; part < number; part++) size += parts[part].iov_len;
        int met = meets(WRITE, "writev", where, size);
        if (met > 0) { errno = met; return -1; }
        if (met < 0) { ssize_t done = REAL(write)(file, parts[0].iov_base, parts[0].iov_len / 2); halfway("half of a writev", where, size); return done; }
    }
    return REAL(writev)(file, parts, number);
}

#define ON_FILE(name, kind, arguments, call) \
    int name arguments { \
        char where[4096]; \
        if (ours(file, where)) { int met = meets(kind, #name, where, 0); if (met > 0) { errno = met; return -1; } } \
        return call; }
ON_FILE(fsync, SYNC, (int file), REAL(fsync)(file))
ON_FILE(fdatasync, SYNC, (int file), REAL(fdatasync)(file))
static int grows(int file, off64_t size) {
    struct stat seen;
    return syscall(SYS_fstat, file, &seen) || size > seen.st_size ? GROW : MODE; /* to shorten a file needs no room */
}
ON_FILE(ftruncate, grows(file, size), (int file, off_t size), REAL(ftruncate)(file, size))
ON_FILE(ftruncate64, grows(file, size), (int file, off64_t size), REAL(ftruncate64)(file, size))
ON_FILE(fallocate, GROW, (int file, int mode, off_t from, off_t size), REAL(fallocate)(file, mode, from, size))
ON_FILE(fallocate64, GROW, (int file, int mode, off64_t from, off64_t size), REAL(fallocate64)(file, mode, from, size))
ON_FILE(fchmod, MODE, (int file, mode_t mode), REAL(fchmod)(file, mode))

#define ON_PATH(name, kind, shown, arguments, call) int name arguments { MEET(kind, #name, shown, -1) return call; }
ON_PATH(rename, MOVE, to, (const char *from, const char *to), REAL(rename)(from, to))
ON_PATH(renameat, MOVE, to, (int a, const char *from, int b, const char *to), REAL(renameat)(a, from, b, to))
ON_PATH(renameat2, MOVE, to, (int a, const char *from, int b, const char *to, unsigned how_), REAL(renameat2)(a, from, b, to, how_))
ON_PATH(link, MAKE, to, (const char *from, const char *to), REAL(link)(from, to))
ON_PATH(linkat, MAKE, to, (int a, const char *from, int b, const char *to, int how_), REAL(linkat)(a, from, b, to, how_))
ON_PATH(symlink, MAKE, to, (const char *from, const char *to), REAL(symlink)(from, to))
ON_PATH(unlink, DROP, path, (const char *path), REAL(unlink)(path))
ON_PATH(unlinkat, DROP, path, (int folder, const char *path, int flags), REAL(unlinkat)(folder, path, flags))
ON_PATH(remove, DROP, path, (const char *path), REAL(remove)(path))
ON_PATH(rmdir, DROP, path, (const char *path), REAL(rmdir)(path))
ON_PATH(mkdir, MAKE, path, (const char *path, mode_t mode), REAL(mkdir)(path, mode))
ON_PATH(mkdirat, MAKE, path, (int folder, const char *path, mode_t mode), REAL(mkdirat)(folder, path, mode))
ON_PATH(truncate, GROW, path, (const char *path, off_t size), REAL(truncate)(path, size))
ON_PATH(chmod, MODE, path, (const char *path, mode_t mode), REAL(chmod)(path, mode))
ON_PATH(fchmodat, MODE, path, (int folder, const char *path, mode_t mode, int flags), REAL(fchmodat)(folder, path, mode, flags))

/* The clock, so that files can be old without waiting for it. */
int clock_gettime(clockid_t clock, struct timespec *now) {
    int met = REAL(clock_gettime)(clock, now);
    if (armed && !met && clock == CLOCK_REALTIME) now->tv_sec += ahead;
    return met;
}
