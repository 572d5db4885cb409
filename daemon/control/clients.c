// Sockets of the local machine, each with a message on its way in and an answer on its way out.
#include "daemon/control/clients.h"

#include "daemon/control/varlink.h"
#include "daemon/linux/loop.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { MODE = 0660, CHUNK = 16 * 1024, FREE = -1 };

struct client {
    int fd; // FREE: nobody
    struct varlink_stream in;
    struct varlink_stream out;
    int64_t active_ms; // when it came, sent a whole message or took from an answer
    bool ended;        // sends nothing more
    bool hang_up;      // as soon as the answer is out
};

struct clients {
    struct loop *loop;
    const struct service_host *host;
    struct sockaddr_un address;
    int fd; // listens
    struct client items[CLIENTS_MAX];
};

// ---- coming and going ----

static int listen_at(const struct sockaddr_un *address) {
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return -errno;
    }
    (void)unlink(address->sun_path);
    // Between the two the umask holds, which leaves no more than the mode.
    if (bind(fd, (const struct sockaddr *)address, sizeof *address) < 0 || chmod(address->sun_path, MODE) < 0 ||
        listen(fd, SOMAXCONN) < 0) {
        int error = -errno;
        close(fd);
        return error;
    }
    return fd;
}

int clients_open(struct clients **clients, const char *path, const struct service_host *host, struct loop *loop) {
    struct clients *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return -ENOMEM;
    }
    made->loop = loop;
    made->host = host;
    made->address.sun_family = AF_UNIX;
    for (int i = 0; i < CLIENTS_MAX; i++) {
        made->items[i].fd = FREE;
    }
    size_t length = strlen(path);
    int error = length < sizeof made->address.sun_path ? 0 : -ENAMETOOLONG;
    if (error == 0) {
        memcpy(made->address.sun_path, path, length + 1);
        made->fd = listen_at(&made->address);
        error = made->fd < 0 ? made->fd : loop_add(loop, made->fd);
        if (made->fd >= 0 && error < 0) {
            close(made->fd);
        }
    }
    if (error < 0) {
        free(made);
        return error;
    }
    *clients = made;
    return 0;
}

static void let_go(struct clients *clients, struct client *client) {
    loop_remove(clients->loop, client->fd);
    close(client->fd);
    varlink_clear(&client->in);
    varlink_clear(&client->out);
    *client = (struct client){.fd = FREE};
}

void clients_close(struct clients *clients) {
    if (clients == NULL) {
        return;
    }
    for (int i = 0; i < CLIENTS_MAX; i++) {
        if (clients->items[i].fd != FREE) {
            let_go(clients, &clients->items[i]);
        }
    }
    loop_remove(clients->loop, clients->fd);
    close(clients->fd);
    (void)unlink(clients->address.sun_path);
    free(clients);
}

// A free place, or that of the one who has been silent longest.
static struct client *make_place(struct clients *clients) {
    struct client *oldest = &clients->items[0];
    for (int i = 0; i < CLIENTS_MAX; i++) {
        if (clients->items[i].fd == FREE) {
            return &clients->items[i];
        }
        if (clients->items[i].active_ms < oldest->active_ms) {
            oldest = &clients->items[i];
        }
    }
    let_go(clients, oldest);
    return oldest;
}

// One a turn: a crowd at the door keeps nobody waiting who is in.
static void accept_one(struct clients *clients, int64_t boot_ms) {
    int fd = accept4(clients->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) {
        return;
    }
    struct client *client = make_place(clients);
    client->fd = fd;
    client->active_ms = boot_ms;
    if (loop_add(clients->loop, fd) < 0) {
        let_go(clients, client);
    }
}

// ---- talking ----

// An answer that memory has no room for hangs up.
static void say(struct client *client, char *text) {
    if (text != NULL && varlink_feed(&client->out, text, strlen(text) + 1) < 0) {
        client->hang_up = true;
        varlink_clear(&client->out);
    }
    g_free(text);
}

static void refuse(struct client *client, const char *reason) {
    say(client, service_refuse(reason));
    client->hang_up = true;
}

static size_t bytes_of_all(const struct clients *clients) {
    size_t bytes = 0;
    for (int i = 0; i < CLIENTS_MAX; i++) {
        bytes += varlink_left(&clients->items[i].in);
    }
    return bytes;
}

static void listen_to(struct clients *clients, struct client *client) {
    char chunk[CHUNK];
    ssize_t got = recv(client->fd, chunk, sizeof chunk, 0);
    if (got < 0 && errno != EAGAIN && errno != EINTR) {
        client->hang_up = true;
    }
    client->ended = client->ended || got == 0;
    if (got <= 0) {
        return;
    }
    if (bytes_of_all(clients) + (size_t)got > CLIENTS_BYTES_MAX) {
        refuse(client, "Too much is being said at once; try again.");
    } else if (varlink_feed(&client->in, chunk, (size_t)got) < 0) {
        refuse(client, "The message is longer than 2 MiB; import so much while the daemon is stopped.");
    }
}

static void answer_one(struct clients *clients, struct client *client, int64_t boot_ms) {
    const char *text;
    size_t size;
    if (!varlink_next(&client->in, &text, &size)) {
        client->hang_up = client->hang_up || client->ended;
        return;
    }
    struct service_answer answer = service_handle(clients->host, text, size);
    varlink_drop(&client->in, size + 1);
    client->hang_up = client->hang_up || answer.hang_up;
    client->active_ms = boot_ms;
    say(client, answer.text);
}

static void speak(struct client *client, int64_t boot_ms) {
    size_t left = varlink_left(&client->out);
    if (left == 0) {
        return;
    }
    ssize_t sent = send(client->fd, client->out.bytes + client->out.begin, left, MSG_NOSIGNAL);
    if (sent > 0) {
        varlink_drop(&client->out, (size_t)sent);
        client->active_ms = boot_ms;
    } else if (errno != EAGAIN && errno != EINTR) {
        client->hang_up = true;
        varlink_clear(&client->out);
    }
}

static bool has_message(struct client *client) {
    const char *text;
    size_t size;
    return varlink_next(&client->in, &text, &size);
}

// Nothing more is read while an answer has not gone out, or a message not been answered.
static void attend(struct clients *clients, struct client *client, int64_t boot_ms) {
    speak(client, boot_ms);
    if (varlink_left(&client->out) == 0 && !client->hang_up) {
        if (!has_message(client) && !client->ended) {
            listen_to(clients, client);
        }
        if (!client->hang_up) {
            answer_one(clients, client, boot_ms);
        }
        speak(client, boot_ms);
    }
    bool idle = boot_ms - client->active_ms >= CLIENTS_IDLE_MS;
    if (idle && varlink_left(&client->in) > 0 && varlink_left(&client->out) == 0) {
        refuse(client, "The rest of the message did not come in time.");
        speak(client, boot_ms);
    }
    bool out = varlink_left(&client->out) > 0;
    if (idle || (client->hang_up && !out)) {
        let_go(clients, client);
    } else {
        loop_wait_to_write(clients->loop, client->fd, out);
    }
}

void clients_attend(struct clients *clients, int64_t boot_ms) {
    accept_one(clients, boot_ms);
    for (int i = 0; i < CLIENTS_MAX; i++) {
        if (clients->items[i].fd != FREE) {
            attend(clients, &clients->items[i], boot_ms);
        }
    }
}

// What has come and was not looked at is due at once: nothing will wake the loop for it.
int64_t clients_deadline(const struct clients *clients) {
    int64_t deadline_ms = INT64_MAX;
    for (int i = 0; i < CLIENTS_MAX; i++) {
        const struct client *client = &clients->items[i];
        if (client->fd == FREE) {
            continue;
        }
        int64_t due_ms = client->active_ms + CLIENTS_IDLE_MS;
        bool waits = varlink_left(&client->in) > client->in.seen && varlink_left(&client->out) == 0;
        if (waits) {
            due_ms = client->active_ms;
        }
        deadline_ms = due_ms < deadline_ms ? due_ms : deadline_ms;
    }
    return deadline_ms;
}
