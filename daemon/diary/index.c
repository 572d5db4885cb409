// The room of the log's index. SQLite makes that file as long as it is to be by writing one byte in each 4096; where
// the file system's blocks are smaller, the rest are holes (https://sqlite.org/walformat.html section 2, unixShmMap).
#include "daemon/diary/inside.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>

typedef void *map_call(void *at, size_t size, int protection, int flags, int fd, off_t offset);

// SQLite's, as the VFS that it belongs to: one for the process, set once.
static map_call *real_map;

// Where a file system cannot give room in advance, things stay as they are.
static void *map_with_room(void *at, size_t size, int protection, int flags, int fd, off_t offset) {
    bool shared = (flags & MAP_SHARED) != 0 && (protection & PROT_WRITE) != 0;
    if (shared && fallocate(fd, 0, offset, (off_t)size) < 0 && errno == ENOSPC) {
        return MAP_FAILED;
    }
    return real_map(at, size, protection, flags, fd, offset);
}

void diary_index_guard(void) {
    sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
    sqlite3_syscall_ptr present = vfs != NULL && vfs->iVersion >= 3 ? vfs->xGetSystemCall(vfs, "mmap") : NULL;
    if (present == NULL || present == (sqlite3_syscall_ptr)map_with_room) {
        return;
    }
    real_map = (map_call *)present;
    vfs->xSetSystemCall(vfs, "mmap", (sqlite3_syscall_ptr)map_with_room);
}
