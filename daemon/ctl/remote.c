// Finds the daemon by the lock in the state directory, or by the link in the runtime directory, and calls it.
#include "daemon/ctl/remote.h"

#include "daemon/control/service.h"
#include "daemon/linux/lock.h"

#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum {
    STATE_DIR_MODE = 0700,
    TURN_TRIES = 50, // 5 s: as long as another karanictl may take
    TURN_WAIT_NS = 100 * 1000 * 1000,
    CALL_LIMIT_S = 60, // a long import on a small board
};

static bool is_default(const struct ctl *ctl) {
    return strcmp(ctl->state_dir, PATHS_STATE) == 0;
}

// ---- whose turn it is ----

static int connect_to(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t length = strlen(path);
    if (length >= sizeof address.sun_path) {
        return -ENAMETOOLONG;
    }
    memcpy(address.sun_path, path, length + 1);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const struct timeval limit = {.tv_sec = CALL_LIMIT_S};
    if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) == 0 &&
        setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit) == 0 &&
        connect(fd, (const struct sockaddr *)&address, sizeof address) == 0) {
        return fd;
    }
    int error = errno == EAGAIN ? -ETIMEDOUT : -errno;
    if (fd >= 0) {
        close(fd);
    }
    return error;
}

// The usual daemon has this state directory although the lock does not say so: there was no room for its note.
static bool is_usual_daemons(const struct ctl *ctl, char socket[PATH_MAX]) {
    const char *runtime_dir = lock_runtime_dir();
    if (!lock_points(runtime_dir, ctl->state_dir)) {
        return false;
    }
    snprintf(socket, PATH_MAX, "%s/" SERVICE_INTERFACE, runtime_dir);
    int fd = connect_to(socket);
    if (fd >= 0) {
        close(fd);
    }
    return fd >= 0;
}

bool ctl_find_daemon(const struct ctl *ctl, char socket[PATH_MAX]) {
    int error = lock_read_note(ctl->state_dir, socket, PATH_MAX);
    if (error == 0 && socket[0] != '\0') {
        return true;
    }
    if (error == -EACCES && is_default(ctl)) {
        snprintf(socket, PATH_MAX, "%s", PATHS_SOCKET);
        return true;
    }
    return is_usual_daemons(ctl, socket);
}

// What root wrote, the daemon could not write again.
static bool become_owner(const char *dir) {
    struct stat status;
    if (geteuid() != 0 || stat(dir, &status) < 0 || status.st_uid == 0) {
        return true;
    }
    if (setgroups(0, NULL) == 0 && setresgid(status.st_gid, status.st_gid, status.st_gid) == 0 &&
        setresuid(status.st_uid, status.st_uid, status.st_uid) == 0) {
        return true;
    }
    ctl_complain("The owner of %s cannot be acted for: %s.", dir, strerror(errno));
    return false;
}

// 0: it is ours. -EAGAIN: another karanictl has it. -EBUSY: the daemon has it; that is found out first, since on a card
// that is read-only by now nobody could take it.
static int try_lock(const struct ctl *ctl, struct ctl_turn *turn) {
    if (ctl_find_daemon(ctl, turn->socket)) {
        return -EBUSY;
    }
    turn->lock = lock_take(ctl->state_dir);
    if (turn->lock == -ENOENT && mkdir(ctl->state_dir, STATE_DIR_MODE) == 0) {
        turn->lock = lock_take(ctl->state_dir);
    }
    if (turn->lock >= 0) {
        return lock_note(turn->lock, "");
    }
    int error = turn->lock;
    turn->lock = -1;
    return error == -EWOULDBLOCK ? -EAGAIN : error;
}

bool ctl_take_turn(const struct ctl *ctl, struct ctl_turn *turn) {
    *turn = (struct ctl_turn){.lock = -1};
    if (!become_owner(ctl->state_dir)) {
        return false;
    }
    int error = try_lock(ctl, turn);
    for (int i = 0; i < TURN_TRIES && error == -EAGAIN; i++) {
        (void)nanosleep(&(struct timespec){.tv_nsec = TURN_WAIT_NS}, NULL);
        error = try_lock(ctl, turn);
    }
    if (error == 0 || error == -EBUSY) {
        return true;
    }
    if (error == -EACCES && is_default(ctl)) {
        snprintf(turn->socket, sizeof turn->socket, "%s", PATHS_SOCKET); // another user's: through the socket alone
        return true;
    }
    if (error == -EAGAIN) {
        ctl_complain("Another karanictl is correcting the diary; try again.");
    } else {
        ctl_complain("The state directory %s cannot be written: %s.", ctl->state_dir, strerror(-error));
    }
    return false;
}

void ctl_end_turn(struct ctl_turn *turn) {
    if (turn->lock >= 0) {
        close(turn->lock);
    }
    turn->lock = -1;
}

// ---- a call ----

// A daemon that takes no more may have answered all the same.
static void send_all(int fd, const char *bytes, size_t size) {
    while (size > 0) {
        ssize_t sent = send(fd, bytes, size, MSG_NOSIGNAL);
        if (sent <= 0) {
            return;
        }
        bytes += sent;
        size -= (size_t)sent;
    }
}

static int receive(int fd, struct varlink_stream *stream, const char **text, size_t *size) {
    while (!varlink_next(stream, text, size)) {
        char chunk[4096];
        ssize_t got = recv(fd, chunk, sizeof chunk, 0);
        if (got <= 0) {
            return got == 0 ? -ECONNRESET : errno == EAGAIN ? -ETIMEDOUT : -errno;
        }
        int error = varlink_feed(stream, chunk, (size_t)got);
        if (error < 0) {
            return error;
        }
    }
    return 0;
}

int ctl_call(const char *socket, char *message, struct varlink_reply *reply) {
    struct varlink_stream stream = {.bytes = NULL};
    const char *text;
    size_t size;
    int fd = connect_to(socket);
    int error = fd < 0 ? fd : 0;
    if (error == 0) {
        send_all(fd, message, strlen(message) + 1);
        error = receive(fd, &stream, &text, &size);
        close(fd);
    }
    if (error == 0) {
        error = varlink_read_reply(text, size, reply) ? 0 : -EPROTO;
    }
    varlink_clear(&stream);
    g_free(message);
    return error;
}

int ctl_ask_status(const struct ctl *ctl, JsonNode **status) {
    char socket[PATH_MAX];
    struct varlink_reply reply;
    if (!ctl_find_daemon(ctl, socket)) {
        return -ESRCH;
    }
    int error = ctl_call(socket, varlink_end(varlink_begin_call(SERVICE_INTERFACE ".GetStatus")), &reply);
    if (error != 0) {
        return error;
    }
    *status = json_node_copy(json_object_get_member(reply.object, "parameters"));
    varlink_reply_clear(&reply);
    return 0;
}

static int complain_of_no_socket(const struct ctl *ctl) {
    char note[PATH_MAX];
    if (lock_read_note(ctl->state_dir, note, sizeof note) == 0) {
        return ctl_complain("The daemon has the state directory %s, but its control socket is gone: restart "
                            "karani.service.",
                            ctl->state_dir);
    }
    return ctl_complain("The daemon is not there to be spoken to, and the state directory %s is another user's: use "
                        "sudo.",
                        ctl->state_dir);
}

// What it was asked it may have done.
static int complain_of_no_answer(const char *what, const char *look) {
    if (look == NULL) {
        return ctl_complain("%s; look at journalctl -u karani, and try again.", what);
    }
    return ctl_complain("%s, and whether the correction was made is not known: look with karanictl %s, and if it was "
                        "not, try again.",
                        what, look);
}

int ctl_complain_of_call(const struct ctl *ctl, int error, const char *look) {
    switch (error) {
    case -EACCES:
        return ctl_complain("This user may not speak to the daemon: be one of the group karani (usermod -aG karani "
                            "NAME, then log in anew), or use sudo.");
    case -ENOENT:
    case -ECONNREFUSED:
        return complain_of_no_socket(ctl);
    case -ECONNRESET:
        return complain_of_no_answer("The daemon went away before it answered", look);
    case -ETIMEDOUT:
        return complain_of_no_answer("The daemon has not answered within a minute", look);
    case -EPROTO:
        return complain_of_no_answer("The daemon's answer cannot be understood", look);
    default:
        return ctl_complain("The daemon could not be spoken to: %s.", strerror(-error));
    }
}
