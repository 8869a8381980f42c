/* Preloaded into a victim: ends the process with SIGKILL at the n-th call that would change a file of its folder.

   STRESS_BOARD   the file of `board.py`; byte 1 takes the call, byte 2 tells whether to count, bytes 16-19 the count
   STRESS_FOLDER  only files below it count
   STRESS_AT      the number of the call
   STRESS_TORN    set: a write is half done before the end, as when the power goes

   Only calls by which SQLite and Python write. No call is changed before the last one. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PLACE, CALL, ARMED, COUNT = 16, SIZE = 4096 };
enum { WRITE = 1, TRUNCATE, SYNC, REMOVE, RENAME };

static unsigned char *board;
static char folder[PATH_MAX];
static uint32_t at;
static int torn;

__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("STRESS_BOARD"), *below = getenv("STRESS_FOLDER"), *number = getenv("STRESS_AT");
    if (!path || !below || !number)
        return;
    int file = open(path, O_RDWR | O_CLOEXEC);
    if (file < 0)
        return;
    void *found = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (found == MAP_FAILED)
        return;
    snprintf(folder, sizeof folder, "%s/", below);
    at = (uint32_t)strtoul(number, NULL, 10);
    torn = getenv("STRESS_TORN") != NULL;
    board = found;
}

static int counts(const char *path, int call)
{
    if (!board || !board[ARMED] || strncmp(path, folder, strlen(folder)) != 0)
        return 0;
    uint32_t *count = (uint32_t *)(board + COUNT);
    if (__sync_add_and_fetch(count, 1) != at)
        return 0;
    board[CALL] = (unsigned char)call;
    return 1;
}

static int counts_file(int file, int call)
{
    char link[64], path[PATH_MAX];
    if (!board || !board[ARMED])
        return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0)
        return 0;
    path[length] = '\0';
    return counts(path, call);
}

static void end(void)
{
    kill(getpid(), SIGKILL);
    for (;;)
        pause();
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int file, const void *bytes, size_t length)
{
    static ssize_t (*real)(int, const void *, size_t);
    if (!real)
        real = REAL(write);
    if (counts_file(file, WRITE)) {
        if (torn)
            real(file, bytes, length / 2);
        end();
    }
    return real(file, bytes, length);
}

ssize_t pwrite64(int file, const void *bytes, size_t length, off64_t place)
{
    static ssize_t (*real)(int, const void *, size_t, off64_t);
    if (!real)
        real = REAL(pwrite64);
    if (counts_file(file, WRITE)) {
        if (torn)
            real(file, bytes, length / 2, place);
        end();
    }
    return real(file, bytes, length, place);
}

ssize_t pwrite(int file, const void *bytes, size_t length, off_t place)
{
    return pwrite64(file, bytes, length, place);
}

int ftruncate64(int file, off64_t length)
{
    static int (*real)(int, off64_t);
    if (!real)
        real = REAL(ftruncate64);
    if (counts_file(file, TRUNCATE))
        end();
    return real(file, length);
}

int ftruncate(int file, off_t length)
{
    return ftruncate64(file, length);
}

int fsync(int file)
{
    static int (*real)(int);
    if (!real)
        real = REAL(fsync);
    if (counts_file(file, SYNC))
        end();
    return real(file);
}

int fdatasync(int file)
{
    static int (*real)(int);
    if (!real)
        real = REAL(fdatasync);
    if (counts_file(file, SYNC))
        end();
    return real(file);
}

int unlink(const char *path)
{
    static int (*real)(const char *);
    if (!real)
        real = REAL(unlink);
    if (counts(path, REMOVE))
        end();
    return real(path);
}

int rename(const char *path, const char *other)
{
    static int (*real)(const char *, const char *);
    if (!real)
        real = REAL(rename);
    if (counts(path, RENAME))
        end();
    return real(path, other);
}
