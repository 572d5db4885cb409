// The daemon, as karanictl reaches it: who has the diary, and calls through the control socket.
#ifndef KARANI_DAEMON_CTL_REMOTE_H
#define KARANI_DAEMON_CTL_REMOTE_H

#include "daemon/control/varlink.h"
#include "daemon/ctl/command.h"

#include <limits.h>
#include <stdbool.h>

// Whose turn it is to write to the diary.
struct ctl_turn {
    int lock;              // ours, of the state directory; −1: the daemon's
    char socket[PATH_MAX]; // the daemon's
};

// Takes the lock, or finds the daemon that has it; as root it becomes the state directory's owner, whom the diary's
// files belong to. The state directory is made when it is missing. False when neither can be had; that has been
// complained of.
bool ctl_take_turn(const struct ctl *ctl, struct ctl_turn *turn);
void ctl_end_turn(struct ctl_turn *turn);

// Where the daemon listens that has this state directory; nothing is written. False: there is none to be found.
bool ctl_find_daemon(const struct ctl *ctl, char socket[PATH_MAX]);

// Calls a method; the message is taken over. 0 with a reply (which may be an error); else -errno: -ENOENT or
// -ECONNREFUSED when nobody is there, -EACCES; -ECONNRESET, -ETIMEDOUT or -EPROTO when there came no answer, late or
// none that is one.
int ctl_call(const char *socket, char *message, struct varlink_reply *reply);

// What the daemon that has this state directory says of itself, an object; the caller unrefs it. 0; -ESRCH when there
// is no daemon to be found; else what ctl_call returns.
int ctl_ask_status(const struct ctl *ctl, JsonNode **status);

// One sentence about a call that failed. `look`: the command that shows whether a correction was made all the same;
// NULL of a call that changes nothing. Returns the exit status.
int ctl_complain_of_call(const struct ctl *ctl, int error, const char *look);

#endif
