/* Watches what a process does to the files of one folder, and refuses writes when asked to.

Loaded before the C library (LD_PRELOAD). Each act on a file whose path begins with WATCH_PREFIX becomes a record in
WATCH_LOG: a line "KIND NAME NUMBER NUMBER", and the bytes after it where some were written. Kinds:

    C created   W written (offset, length, bytes)   T cut or grown to (length)   U unlinked   R renamed (new name)
    S synced    D the folder synced                 A a word of the program's own

The program says a word with `watch_say`, and has calls refused with `watch_refuse`. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define MOST_FILES 1024
#define LONGEST_NAME 256
#define FOLDER "."

enum { REFUSE_WRITES = 1, REFUSE_SYNCS = 2, REFUSE_NEW_FILES = 4 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char names[MOST_FILES][LONGEST_NAME];
static const char *prefix, *folder;
static int log_file = -1;
static int refused_kinds, refused_after, refused_times, refused_error, calls_counted;

__attribute__((constructor)) static void begin(void) {
    const char *log = getenv("WATCH_LOG");
    prefix = getenv("WATCH_PREFIX");
    folder = getenv("WATCH_FOLDER");
    if (log != NULL)
        log_file = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
}

/* Give the part of a path after the folder, if the file is watched. */
static const char *watched(const char *path) {
    if (prefix == NULL || path == NULL) return NULL;
    if (folder != NULL && strcmp(path, folder) == 0) return FOLDER;
    if (strncmp(path, prefix, strlen(prefix)) != 0) return NULL;
    const char *last = strrchr(path, '/');
    return last == NULL ? path : last + 1;
}

static void record(char kind, const char *name, long long first, long long second, const void *bytes, size_t length) {
    char head[LONGEST_NAME + 64];
    int size = snprintf(head, sizeof head, "%c %s %lld %lld\n", kind, name, first, second);
    struct iovec parts[2] = {{head, (size_t)size}, {(void *)bytes, length}};
    if (log_file >= 0 && syscall(SYS_writev, log_file, parts, bytes == NULL ? 1 : 2) < 0) abort();
}

/* Say a word of the program's own in its place among the records. */
void watch_say(const char *word) {
    pthread_mutex_lock(&lock);
    record('A', word, 0, 0, NULL, 0);
    pthread_mutex_unlock(&lock);
}

/* Refuse calls of some kinds with an error: `after` so many that still work, `times` (-1: for ever). */
void watch_refuse(int kinds, int after, int times, int error) {
    pthread_mutex_lock(&lock);
    refused_kinds = kinds, refused_after = after, refused_times = times, refused_error = error, calls_counted = 0;
    pthread_mutex_unlock(&lock);
}

/* Give how many calls of the kinds that are refused, or would be, were made. */
int watch_calls(void) { return calls_counted; }

static int is_refused(int kind) {
    if (!(refused_kinds & kind)) return 0;
    calls_counted++;
    if (calls_counted <= refused_after || refused_times == 0) return 0;
    if (refused_times > 0) refused_times--;
    errno = refused_error;
    return 1;
}

#define REAL(name) \
    static __typeof__(name) *real; \
    if (real == NULL) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

static int opened(int file, const char *path, int flags, int was_there) {
    const char *name = watched(path);
    if (file >= 0 && file < MOST_FILES) {
        names[file][0] = 0;
        if (name != NULL) {
            snprintf(names[file], LONGEST_NAME, "%s", name);
            if (!was_there) record('C', name, 0, 0, NULL, 0);
            else if (flags & O_TRUNC) record('T', name, 0, 0, NULL, 0);
        }
    }
    return file;
}

#define OPEN(function) \
    int function(const char *path, int flags, ...) { \
        REAL(function); \
        mode_t mode = 0; \
        struct stat found; \
        if (flags & (O_CREAT | O_TMPFILE)) { \
            va_list more; \
            va_start(more, flags); \
            mode = va_arg(more, mode_t); \
            va_end(more); \
        } \
        if (watched(path) == NULL) return real(path, flags, mode); \
        pthread_mutex_lock(&lock); \
        int was_there = stat(path, &found) == 0, file = -1; \
        if (was_there || !(flags & O_CREAT) || !is_refused(REFUSE_NEW_FILES)) \
            file = opened(real(path, flags, mode), path, flags, was_there); \
        pthread_mutex_unlock(&lock); \
        return file; \
    }

OPEN(open)
OPEN(open64)

int close(int file) {
    REAL(close);
    if (file >= 0 && file < MOST_FILES) names[file][0] = 0;
    return real(file);
}

static int is_watched(int file) { return file >= 0 && file < MOST_FILES && names[file][0] != 0; }

static ssize_t written(int file, const void *bytes, ssize_t count, off64_t offset) {
    if (count > 0) record('W', names[file], (long long)offset, (long long)count, bytes, (size_t)count);
    return count;
}

ssize_t write(int file, const void *bytes, size_t count) {
    REAL(write);
    if (!is_watched(file)) return real(file, bytes, count);
    pthread_mutex_lock(&lock);
    off64_t offset = lseek64(file, 0, fcntl(file, F_GETFL) & O_APPEND ? SEEK_END : SEEK_CUR);
    ssize_t done = is_refused(REFUSE_WRITES) ? -1 : written(file, bytes, real(file, bytes, count), offset);
    pthread_mutex_unlock(&lock);
    return done;
}

#define PWRITE(function, offset_type) \
    ssize_t function(int file, const void *bytes, size_t count, offset_type offset) { \
        REAL(function); \
        if (!is_watched(file)) return real(file, bytes, count, offset); \
        pthread_mutex_lock(&lock); \
        ssize_t done = is_refused(REFUSE_WRITES) ? -1 : written(file, bytes, real(file, bytes, count, offset), offset); \
        pthread_mutex_unlock(&lock); \
        return done; \
    }

PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define TRUNCATE(function, length_type) \
    int function(int file, length_type length) { \
        REAL(function); \
        if (!is_watched(file)) return real(file, length); \
        pthread_mutex_lock(&lock); \
        int done = real(file, length); \
        if (done == 0) record('T', names[file], (long long)length, 0, NULL, 0); \
        pthread_mutex_unlock(&lock); \
        return done; \
    }

TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

#define SYNC(function) \
    int function(int file) { \
        REAL(function); \
        if (!is_watched(file)) return real(file); \
        pthread_mutex_lock(&lock); \
        int done = is_refused(REFUSE_SYNCS) ? -1 : real(file); \
        if (done == 0) record(strcmp(names[file], FOLDER) == 0 ? 'D' : 'S', names[file], 0, 0, NULL, 0); \
        pthread_mutex_unlock(&lock); \
        return done; \
    }

SYNC(fsync)
SYNC(fdatasync)

int unlink(const char *path) {
    REAL(unlink);
    const char *name = watched(path);
    if (name == NULL) return real(path);
    pthread_mutex_lock(&lock);
    int done = real(path);
    if (done == 0) record('U', name, 0, 0, NULL, 0);
    pthread_mutex_unlock(&lock);
    return done;
}

int rename(const char *from, const char *to) {
    REAL(rename);
    const char *old = watched(from), *new = watched(to);
    if (old == NULL && new == NULL) return real(from, to);
    pthread_mutex_lock(&lock);
    int done = real(from, to);
    if (done == 0) {
        record('R', old == NULL ? "?" : old, (long long)strlen(new == NULL ? "?" : new), 0,
               new == NULL ? "?" : new, strlen(new == NULL ? "?" : new));
    }
    pthread_mutex_unlock(&lock);
    return done;
}
