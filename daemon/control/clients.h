// The control socket: accepts, reads and answers without ever waiting, for as many as have room. What is said is
// daemon/control/service.h.
#ifndef KARANI_DAEMON_CONTROL_CLIENTS_H
#define KARANI_DAEMON_CONTROL_CLIENTS_H

#include "daemon/control/service.h"

#include <stdint.h>

struct clients;
struct loop;

enum {
    CLIENTS_MAX = 8,                     // one more, and who has been silent longest is hung up
    CLIENTS_IDLE_MS = 30 * 1000,         // without a whole message, or without an answer being taken
    CLIENTS_BYTES_MAX = 3 * 1024 * 1024, // of messages that are not whole yet, of all together
};

// Listens at `path`, for the user and the group; what is left there of another process is taken away: call it only
// where that one is known to be gone. Everything is borrowed and must outlive the clients. 0 or -errno.
int clients_open(struct clients **clients, const char *path, const struct service_host *host, struct loop *loop);

// Hangs up and takes the socket away. Accepts NULL.
void clients_close(struct clients *clients);

// Does what can be done at once: of each client one message.
void clients_attend(struct clients *clients, int64_t boot_ms);

// When clients_attend is due at the latest; INT64_MAX: when a file wakes the loop.
int64_t clients_deadline(const struct clients *clients);

#endif
