// Faults for tests: the N-th allocation, VFS call or system call fails, once or from then on. A plan says which points
// count and what they answer; every other one is passed by. One at a time, in one thread.
#ifndef KARANI_TESTS_FAULT_FAULT_H
#define KARANI_TESTS_FAULT_FAULT_H

#include <stdbool.h>
#include <stdint.h>

enum fault_point {
    FAULT_SQLITE_MEMORY,
    FAULT_OWN_MEMORY, // of the program's own objects, wrapped at link time (tests/fault/fault.mk)
    FAULT_VFS_OPEN,
    FAULT_VFS_DELETE,
    FAULT_VFS_ACCESS,
    FAULT_VFS_READ,
    FAULT_VFS_WRITE,
    FAULT_VFS_TRUNCATE,
    FAULT_VFS_SYNC,
    FAULT_VFS_SIZE,
    FAULT_VFS_LOCK,
    FAULT_VFS_SHM_MAP,
    FAULT_VFS_SHM_LOCK,
    FAULT_SYSTEM_OPEN, // of SQLite's own calls
    FAULT_SYSTEM_OPEN_DIRECTORY,
    FAULT_SYSTEM_STAT,
    FAULT_SYSTEM_READ,
    FAULT_SYSTEM_WRITE,
    FAULT_SYSTEM_TRUNCATE,
    FAULT_SYSTEM_SYNC,
    FAULT_SYSTEM_LOCK,
    FAULT_SYSTEM_MAP,
    FAULT_SYSTEM_UNLINK,
    FAULT_POINT_COUNT,
};

// What a system call answers that takes half of what it was given.
enum { FAULT_SHORT = -1 };

struct fault_plan {
    const char *name;
    int answers[FAULT_POINT_COUNT]; // an SQLite result, an errno, FAULT_SHORT; 0: this point does not count
    int times;                      // how often it fails where it fails "once"
    bool only_once;                 // for ever would be no machine
    bool reads_lie;                 // what is read is not what is there, and no error says so
};

#define FAULT_VFS "failing"

// Puts the faults between SQLite and its memory, its VFS and the system. Before SQLite's first use. 0 or -1.
int fault_install(void);

// From now on `skip` points are passed by, and the next `times` fail.
void fault_begin(const struct fault_plan *plan, int64_t skip, int64_t times);

// No more faults. How many there were.
int64_t fault_end(void);

// From now on reading these bytes of this file fails, whatever it is called later, as long as it is not written anew;
// NULL: no more.
void fault_lose(const char *path, int64_t from, int64_t to);

// For the parts: what this point answers now; 0: it works.
int fault_meet(enum fault_point point);

int fault_install_vfs(void);
int fault_install_system(void);

#endif
