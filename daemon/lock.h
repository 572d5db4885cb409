// One at a time: who holds the panel's lock in the runtime directory may drive the panel.
#ifndef KARANI_DAEMON_LOCK_H
#define KARANI_DAEMON_LOCK_H

// The directory that systemd made (RuntimeDirectory=), or the usual one.
const char *lock_runtime_dir(void);

// Takes DIR/lock until the file is closed; the kernel gives it back when the process ends, however it ends. A file
// descriptor, -EWOULDBLOCK while another process has it, or another -errno.
int lock_take(const char *dir);

#endif
