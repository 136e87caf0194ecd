/* Stands between a program and its disk (LD_PRELOAD): writes down what reaches it, or lets a chosen step go wrong.

   DISK_FOLDER  only this folder and what lies in it is watched, but for the memory that SQLite's processes share (*-shm)
   DISK_RECORD  where each step is appended: a head, the paths, the bytes; in the order in which the steps were done
   DISK_FAULT   eight-byte numbers, shared with whoever tests: steps until the fault (0: none), its kind, steps so far

   A step is whatever changes a file or a folder, or waits until it has reached the disk. One is done at a time, over
   all threads and processes, so that the record has one order. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { FAILS_ONCE = 1, FAILS_FROM_NOW_ON = 2, DIES = 3 };

struct head { uint64_t step, file, offset, path_bytes, other_bytes, content_bytes; };

#define MOST_FILES 65536
static uint64_t watched[MOST_FILES]; /* the inode behind each number of an open file; 0 for what is not watched */
static const char *folder;
static int record = -1;
static volatile int64_t *fault;
static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER;

__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("DISK_RECORD");
    folder = getenv("DISK_FOLDER");
    if (path)
        record = (int)syscall(SYS_openat, AT_FDCWD, path, O_CREAT | O_APPEND | O_WRONLY | O_CLOEXEC, 0600);
    if ((path = getenv("DISK_FAULT"))) {
        int shared = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC);
        void *there = mmap(NULL, 3 * sizeof *fault, PROT_READ | PROT_WRITE, MAP_SHARED, shared, 0);
        fault = there == MAP_FAILED ? NULL : there;
        syscall(SYS_close, shared);
    }
}

static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

static void lock(int kind)
{
    struct flock whole = {.l_type = (short)kind, .l_whence = SEEK_SET};
    if (record >= 0)
        while (fcntl(record, F_SETLKW, &whole) < 0 && errno == EINTR) {}
}

static void enter(void) { pthread_mutex_lock(&one); lock(F_WRLCK); }
static void leave(void) { int kept = errno; lock(F_UNLCK); pthread_mutex_unlock(&one); errno = kept; }

static int is_ours(const char *path)
{
    size_t length = strlen(path), of_folder = folder ? strlen(folder) : 0;
    if (!of_folder || strncmp(path, folder, of_folder) || (path[of_folder] && path[of_folder] != '/'))
        return 0;
    return length < 4 || strcmp(path + length - 4, "-shm");
}

/* The path with the links of its folder followed; "" if there is no such folder. */
static const char *whole(int at, const char *path, char *room)
{
    char parent[PATH_MAX], found[PATH_MAX];
    const char *name = strrchr(path, '/');
    if (path[0] != '/' && at != AT_FDCWD)
        snprintf(parent, sizeof parent, "/proc/self/fd/%d/%.*s", at, name ? (int)(name - path) : 0, path);
    else
        snprintf(parent, sizeof parent, "%.*s", name == path ? 1 : name ? (int)(name - path) : 1, name ? path : ".");
    if (!realpath(parent, found))
        return room[0] = 0, room;
    if (snprintf(room, PATH_MAX, "%s/%s", found, name ? name + 1 : path) >= PATH_MAX)
        room[0] = 0;
    return room;
}

static uint64_t inode(const char *path)
{
    struct stat found;
    return lstat(path, &found) ? 0 : found.st_ino;
}

static void note(char step, uint64_t file, uint64_t offset, const char *path, const char *other, const void *content,
                 size_t length)
{
    struct head head = {(uint64_t)step, file, offset, path ? strlen(path) : 0, other ? strlen(other) : 0, length};
    struct iovec parts[] = {{&head, sizeof head}, {(void *)path, head.path_bytes}, {(void *)other, head.other_bytes},
                            {(void *)content, length}};
    if (record >= 0 && syscall(SYS_writev, record, parts, 4) < 0)
        abort(); /* a record with a gap proves nothing */
}

/* Whether this step goes wrong. */
static int goes_wrong(void)
{
    if (!fault)
        return 0;
    fault[2]++;
    if (!fault[0] || (fault[0] > 1 && fault[0]--))
        return 0;
    if (fault[1] == DIES)
        kill(getpid(), SIGKILL);
    if (fault[1] == FAILS_ONCE)
        fault[0] = 0;
    errno = EIO;
    return 1;
}

#define OURS(file) ((file) >= 0 && (file) < MOST_FILES && watched[file])
#define REAL(name) static __typeof__(name) *through; if (!through) through = real(#name)

static int opened(int at, const char *path, int flags, mode_t mode)
{
    char room[PATH_MAX];
    const char *there = whole(at, path, room);
    int ours = is_ours(there), changes = flags & (O_CREAT | O_TRUNC), file;
    uint64_t before;
    if (!ours)
        return (int)syscall(SYS_openat, at, path, flags, mode);
    enter();
    before = inode(there);
    if (changes && !before && goes_wrong()) {
        leave();
        return -1;
    }
    file = (int)syscall(SYS_openat, at, path, flags, mode);
    if (file >= 0 && file < MOST_FILES) {
        struct stat found;
        watched[file] = fstat(file, &found) ? 0 : found.st_ino;
        if (!before)
            note('c', watched[file], 0, there, NULL, NULL, 0);
        else if (flags & O_TRUNC)
            note('t', watched[file], 0, NULL, NULL, NULL, 0);
    }
    leave();
    return file;
}

#define MODE mode_t mode = 0; if (flags & (O_CREAT | O_TMPFILE)) \
    { va_list rest; va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); }
int open(const char *path, int flags, ...) { MODE return opened(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE return opened(AT_FDCWD, path, flags | O_LARGEFILE, mode); }
int openat(int at, const char *path, int flags, ...) { MODE return opened(at, path, flags, mode); }
int openat64(int at, const char *path, int flags, ...) { MODE return opened(at, path, flags | O_LARGEFILE, mode); }

int close(int file)
{
    REAL(close);
    if (file >= 0 && file < MOST_FILES)
        watched[file] = 0;
    return through(file);
}

static ssize_t written(int file, const void *content, size_t length, off_t offset, int is_placed)
{
    ssize_t done = -1;
    enter();
    if (!is_placed)
        offset = fcntl(file, F_GETFL) & O_APPEND ? lseek(file, 0, SEEK_END) : lseek(file, 0, SEEK_CUR);
    if (!goes_wrong()) {
        done = is_placed ? syscall(SYS_pwrite64, file, content, length, offset)
                         : syscall(SYS_write, file, content, length);
        if (done > 0)
            note('w', watched[file], (uint64_t)offset, NULL, NULL, content, (size_t)done);
    }
    leave();
    return done;
}

ssize_t write(int file, const void *content, size_t length)
{
    REAL(write);
    return OURS(file) ? written(file, content, length, 0, 0) : through(file, content, length);
}

ssize_t pwrite(int file, const void *content, size_t length, off_t offset)
{
    REAL(pwrite);
    return OURS(file) ? written(file, content, length, offset, 1) : through(file, content, length, offset);
}

ssize_t pwrite64(int file, const void *content, size_t length, off64_t offset)
{
    return pwrite(file, content, length, offset);
}

/* A step on an open file that says 0 when it is done. */
#define ON_FILE(step, offset, call) \
    if (!OURS(file)) return call; \
    int said = -1; \
    enter(); \
    if (!goes_wrong() && !(said = call)) note(step, watched[file], (uint64_t)(offset), NULL, NULL, NULL, 0); \
    leave(); \
    return said;

int ftruncate(int file, off_t length) { REAL(ftruncate); ON_FILE('t', length, through(file, length)) }
int ftruncate64(int file, off64_t length) { return ftruncate(file, length); }
int fsync(int file) { REAL(fsync); ON_FILE('s', 0, through(file)) }
int fdatasync(int file) { REAL(fdatasync); ON_FILE('s', 0, through(file)) }

/* A step on names that says 0 when it is done. */
#define ON_NAMES(step, ours, file, path, other, call) \
    if (!(ours)) return call; \
    int said = -1; \
    enter(); \
    uint64_t which = file; \
    if (!goes_wrong() && !(said = call)) note(step, which ? which : inode(path), 0, path, other, NULL, 0); \
    leave(); \
    return said;

int renameat(int from_at, const char *from, int to_at, const char *to)
{
    REAL(renameat);
    char old_room[PATH_MAX], new_room[PATH_MAX];
    const char *old = whole(from_at, from, old_room), *new = whole(to_at, to, new_room);
    ON_NAMES('r', is_ours(old) || is_ours(new), inode(old), old, new, through(from_at, from, to_at, to))
}

int rename(const char *from, const char *to) { return renameat(AT_FDCWD, from, AT_FDCWD, to); }

int unlinkat(int at, const char *path, int flags)
{
    REAL(unlinkat);
    char room[PATH_MAX];
    const char *there = whole(at, path, room);
    ON_NAMES('u', is_ours(there), inode(there), there, NULL, through(at, path, flags))
}

int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }

int mkdirat(int at, const char *path, mode_t mode)
{
    REAL(mkdirat);
    char room[PATH_MAX];
    const char *there = whole(at, path, room);
    ON_NAMES('m', is_ours(there), 0, there, NULL, through(at, path, mode))
}

int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }
