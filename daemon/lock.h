// One at a time: who holds the lock in the runtime directory may drive the panel, who holds the one in the state
// directory may correct the diary.
#ifndef KARANI_DAEMON_LOCK_H
#define KARANI_DAEMON_LOCK_H

#include <stddef.h>

// The directory that systemd made (RuntimeDirectory=), or the usual one.
const char *lock_runtime_dir(void);

// Takes DIR/lock until the file is closed; the kernel gives it back when the process ends, however it ends. A file
// descriptor, -EWOULDBLOCK while another process has it, or another -errno.
int lock_take(const char *dir);

// Leaves a line in the lock that was taken, for those who find it taken; "" when there is nothing to say. 0 or -errno.
int lock_note(int lock, const char *line);

// The line in DIR/lock ("": there is none), if another process holds that lock; nothing is written. 0; -ESRCH when
// nobody holds it; -EACCES and the like.
int lock_read_note(const char *dir, char *line, size_t size);

#endif
