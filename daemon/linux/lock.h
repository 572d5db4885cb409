// One at a time: who holds the lock in the runtime directory may drive the panel, who holds the one in the state
// directory may correct the diary.
#ifndef KARANI_DAEMON_LINUX_LOCK_H
#define KARANI_DAEMON_LINUX_LOCK_H

#include <stdbool.h>
#include <stddef.h>

// The directory that systemd made (RuntimeDirectory=), or the usual one.
const char *lock_runtime_dir(void);

// Takes DIR/lock until the file is closed; the kernel gives it back when the process ends, however it ends. A file
// descriptor, -EWOULDBLOCK while another process has it, or another -errno.
int lock_take(const char *dir);

// Leaves a line in the lock that was taken, for those who find it taken; "" when there is nothing to say. A line takes
// the place of another one also on a full card. 0; -ENAMETOOLONG when it is longer than a socket's path; -errno.
int lock_note(int lock, const char *line);

// The line in DIR/lock ("": there is none), if another process holds that lock; nothing is written. 0; -ESRCH when
// nobody holds it; -EACCES and the like.
int lock_read_note(const char *dir, char *line, size_t size);

// Says in the runtime directory, which lies in memory, which state directory its daemon has: for those who find no note
// in the lock, since a full card took none, or no lock. 0 or -errno.
int lock_point(const char *runtime_dir, const char *state_dir);
void lock_point_no_more(const char *runtime_dir);

// Whether that is said of this state directory; it may be said still of a daemon that was killed.
bool lock_points(const char *runtime_dir, const char *state_dir);

#endif
