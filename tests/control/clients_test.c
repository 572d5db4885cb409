// Tests of the control socket's clients: who is slow, deaf, half, too many or too long-winded keeps nobody else, and
// the clock is the test's.

// cmocka.h wants these four before it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/control/clients.h"
#include "daemon/control/varlink.h"
#include "daemon/diary/text/object.h"
#include "daemon/linux/loop.h"
#include "tests/support/run/limit.h"

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static const char get_clock[] = "{\"method\":\"io.karani.GetClock\"}";
static const char get_words[] =
    "{\"method\":\"org.varlink.service.GetInterfaceDescription\",\"parameters\":{\"interface\":\"io.karani\"}}";

struct door {
    char dir[64];
    char path[96];
    struct loop *loop;
    struct clients *clients;
    struct service_host host;
    int64_t now_ms;
    int corrections;
};

static void tell_clock(void *context, struct service_clock *clock) {
    (void)context;
    *clock = (struct service_clock){.utc_s = 0, .local_s = 3600, .zone = "Test", .quality = CLOCK_SET};
}

static void correct(void *context, const struct correction *correction, struct correction_result *result) {
    struct door *door = context;
    *result = (struct correction_result){.verdict = CORRECTION_DONE, .nights = 1};
    assert_string_equal(correction->first, "2026-03-01");
    door->corrections++;
}

static void enter(struct door *door) {
    assert_int_equal(clients_open(&door->clients, door->path, &door->host, door->loop), 0);
}

static int set_up(void **state) {
    struct door *door = calloc(1, sizeof *door);
    assert_non_null(door);
    strcpy(door->dir, "/tmp/karani-clients-XXXXXX");
    assert_non_null(mkdtemp(door->dir));
    snprintf(door->path, sizeof door->path, "%s/io.karani", door->dir);
    door->host = (struct service_host){.get_clock = tell_clock, .correct = correct, .context = door};
    assert_int_equal(loop_new(&door->loop), 0);
    enter(door);
    *state = door;
    return 0;
}

static int tear_down(void **state) {
    struct door *door = *state;
    clients_close(door->clients);
    loop_free(door->loop);
    assert_int_equal(access(door->path, F_OK), -1); // the socket has gone with them
    rmdir(door->dir);
    free(door);
    return 0;
}

static int arrive(const struct door *door) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path, door->path, strlen(door->path) + 1);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(fd, (const struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

static void turn(struct door *door, int times) {
    for (int i = 0; i < times; i++) {
        clients_attend(door->clients, door->now_ms);
    }
}

static void say(int fd, const char *text, size_t size) {
    assert_int_equal(send(fd, text, size, MSG_NOSIGNAL), size);
}

// What has come: a text, "" for nothing yet, NULL for the end.
static const char *hear(int fd) {
    static char text[16384];
    ssize_t got = recv(fd, text, sizeof text - 1, 0);
    if (got == 0 || (got < 0 && errno != EAGAIN)) {
        return NULL;
    }
    text[got > 0 ? got : 0] = '\0';
    return text;
}

static void assert_hears(int fd, const char *part) {
    const char *text = hear(fd);
    if (text == NULL || strstr(text, part) == NULL) {
        fail_msg("\"%s\" is not in: %s", part, text != NULL ? text : "(the end)");
    }
}

static void assert_hears_end(int fd) {
    assert_null(hear(fd));
}

static void test_call(void **state) {
    struct door *door = *state;
    struct stat status;
    assert_int_equal(stat(door->path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0660);
    assert_true(clients_deadline(door->clients) == INT64_MAX);
    int fd = arrive(door);
    say(fd, get_clock, sizeof get_clock);
    turn(door, 1);
    assert_hears(fd, "\"local\":\"1970-01-01 01:00:00\"");
    static const char away[] = "{\"method\":\"io.karani.SetAway\",\"parameters\":{\"first\":\"2026-03-01\"}}";
    say(fd, away, sizeof away);
    turn(door, 1);
    assert_hears(fd, "\"nights\":1");
    assert_int_equal(door->corrections, 1);
    close(fd);
    turn(door, 1);
    assert_true(clients_deadline(door->clients) == INT64_MAX);
}

// One message a turn; the next is due at once.
static void test_one_message_a_turn(void **state) {
    struct door *door = *state;
    int fd = arrive(door);
    for (int i = 0; i < 3; i++) {
        say(fd, get_clock, sizeof get_clock);
    }
    for (int i = 0; i < 3; i++) {
        turn(door, 1);
        assert_int_equal(clients_deadline(door->clients) <= door->now_ms, i < 2);
        assert_hears(fd, "Test");
    }
    close(fd);
}

static void test_half_a_message(void **state) {
    struct door *door = *state;
    int half = arrive(door), gone = arrive(door);
    say(half, get_clock, 10);
    say(gone, get_clock, 10);
    close(gone);
    turn(door, 4);
    assert_string_equal(hear(half), "");
    assert_int_equal(clients_deadline(door->clients), CLIENTS_IDLE_MS);
    door->now_ms += CLIENTS_IDLE_MS - 1;
    say(half, get_clock + 10, 5); // a few bytes now and then buy no time
    turn(door, 1);
    assert_string_equal(hear(half), "");
    door->now_ms += 1;
    turn(door, 1);
    assert_hears(half, "io.karani.BadMessage");
    assert_hears_end(half);
    assert_true(clients_deadline(door->clients) == INT64_MAX);
    close(half);
}

static void test_silent(void **state) {
    struct door *door = *state;
    int fd = arrive(door);
    turn(door, 1);
    door->now_ms += CLIENTS_IDLE_MS;
    turn(door, 1);
    assert_hears_end(fd);
    close(fd);
}

// Who does not take its answers is asked nothing more, waits without waking anybody, and is hung up.
static void test_deaf(void **state) {
    struct door *door = *state;
    int deaf = arrive(door), other = arrive(door);
    int sent = 0;
    while (sent < 10000 && send(deaf, get_words, sizeof get_words, MSG_NOSIGNAL) == (ssize_t)sizeof get_words) {
        sent++;
    }
    turn(door, 2000);
    assert_int_equal(clients_deadline(door->clients), CLIENTS_IDLE_MS);
    say(other, get_clock, sizeof get_clock);
    turn(door, 1);
    assert_hears(other, "Test");
    door->now_ms += CLIENTS_IDLE_MS;
    turn(door, 1);
    while (hear(deaf) != NULL && errno != EAGAIN) {
        continue;
    }
    assert_hears_end(other);
    assert_true(clients_deadline(door->clients) == INT64_MAX);
    close(deaf);
    close(other);
}

static void test_crowd(void **state) {
    struct door *door = *state;
    int fds[CLIENTS_MAX + 1];
    for (int i = 0; i < CLIENTS_MAX; i++) {
        fds[i] = arrive(door);
        turn(door, 1);
        door->now_ms += 10;
    }
    say(fds[0], get_clock, sizeof get_clock); // has just spoken: the second one has been silent longest
    turn(door, 1);
    assert_hears(fds[0], "Test");
    fds[CLIENTS_MAX] = arrive(door);
    turn(door, 1);
    assert_hears_end(fds[1]);
    say(fds[CLIENTS_MAX], get_clock, sizeof get_clock);
    turn(door, 1);
    assert_hears(fds[CLIENTS_MAX], "Test");
    for (int i = 0; i <= CLIENTS_MAX; i++) {
        close(fds[i]);
    }
}

// Sends as much as is taken of `size` bytes without an end; true when it was hung up.
static bool pour(struct door *door, int fd, size_t size) {
    char chunk[4096];
    memset(chunk, 'x', sizeof chunk);
    for (size_t sent = 0; sent < size;) {
        ssize_t taken = send(fd, chunk, sizeof chunk, MSG_NOSIGNAL);
        if (taken < 0 && errno != EAGAIN) {
            return true;
        }
        sent += taken > 0 ? (size_t)taken : 0;
        turn(door, 1);
    }
    return false;
}

static void test_too_long(void **state) {
    struct door *door = *state;
    int one = arrive(door), two = arrive(door), three = arrive(door);
    assert_true(pour(door, one, VARLINK_MESSAGE_MAX + 65536));
    assert_hears(one, "longer than 2 MiB");
    // Two that are bounded each, but not together.
    assert_false(pour(door, two, VARLINK_MESSAGE_MAX - 65536));
    assert_true(pour(door, three, VARLINK_MESSAGE_MAX - 65536));
    assert_hears(three, "at once");
    close(one);
    close(two);
    close(three);
}

// A socket that a crash has left behind is replaced; a place where there can be none is an error.
static void test_stale(void **state) {
    struct door *door = *state;
    clients_close(door->clients);
    door->clients = NULL;
    int fd = open(door->path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    close(fd);
    enter(door);
    fd = arrive(door);
    say(fd, get_clock, sizeof get_clock);
    turn(door, 1);
    assert_hears(fd, "Test");
    close(fd);
    struct clients *none = NULL;
    assert_int_equal(clients_open(&none, "/nowhere/io.karani", &door->host, door->loop), -ENOENT);
    char path[200];
    memset(path, 'x', sizeof path - 1);
    path[0] = '/';
    path[sizeof path - 1] = '\0';
    assert_int_equal(clients_open(&none, path, &door->host, door->loop), -ENAMETOOLONG);
    assert_null(none);
}

#define STORY(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        STORY(test_call),           STORY(test_one_message_a_turn),
        STORY(test_half_a_message), STORY(test_silent),
        STORY(test_deaf),           STORY(test_crowd),
        STORY(test_too_long),       STORY(test_stale),
    };
    limit_processor_s(120);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
