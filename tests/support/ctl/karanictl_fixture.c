#include "tests/support/ctl/karanictl_fixture.h"

#include "tests/support/ctl/child.h"
#include "tests/support/ctl/emulator.h"
#include "tests/support/run/limit.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ARGUMENTS_MAX = 16 };

const struct option_given AS_JSON[] = {{.name = "json"}, {.name = NULL}};

void put(const char *path, const char *text) {
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

int karanictl_fixture_begin(void **state) {
    static struct desk desk;
    memset(&desk, 0, sizeof desk);
    *state = &desk;
    ssize_t length = readlink("/proc/self/exe", desk.program, sizeof desk.program / 2);
    if (length < 0) {
        return -1;
    }
    desk.program[length] = '\0';
    char *slash = strrchr(desk.program, '/');
    strcpy(slash, "/../bin/karanictl");
    snprintf(desk.state, sizeof desk.state, "/tmp/karani-ctl-XXXXXX");
    if (mkdtemp(desk.state) == NULL) {
        return -1;
    }
    snprintf(desk.config, sizeof desk.config, "%s/karani.conf", desk.state);
    put(desk.config, "[device]\nzone=UTC\n");
    return 0;
}

int karanictl_fixture_finish(void **state) {
    const struct desk *desk = *state;
    DIR *listing = opendir(desk->state);
    struct dirent *entry;
    while ((entry = readdir(listing)) != NULL) {
        if (entry->d_name[0] != '.') {
            unlinkat(dirfd(listing), entry->d_name, 0);
        }
    }
    closedir(listing);
    return rmdir(desk->state);
}

// Reads a descriptor to its end.
static void drain(int fd, char *text) {
    size_t size = 0;
    ssize_t got;
    while ((got = read(fd, text + size, OUTPUT_SIZE - 1 - size)) > 0) {
        size += (size_t)got;
    }
    text[size] = '\0';
    close(fd);
}

void become(const struct desk *desk, char *const *arguments, const struct command *command, const struct ctl *ctl) {
    limit_processor_s(20);
    if (command == NULL) {
        emulator_execv(desk->program, arguments);
        _exit(127);
    }
    int exit_status = command->run(ctl);
    fflush(NULL);
    _exit(exit_status);
}

int run_child(struct desk *desk, char *const *arguments, const struct command *command, const struct ctl *ctl) {
    char err_path[PATH_MAX / 4];
    snprintf(err_path, sizeof err_path, "%s/stderr", desk->state);
    int out[2];
    assert_int_equal(pipe2(out, O_CLOEXEC), 0);
    int err = open(err_path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(err >= 0);
    unlink(err_path);
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        dup2(out[1], STDOUT_FILENO);
        dup2(err, STDERR_FILENO);
        become(desk, arguments, command, ctl);
    }
    close(out[1]);
    drain(out[0], desk->out);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    lseek(err, 0, SEEK_SET);
    drain(err, desk->err);
    if (!WIFEXITED(status)) {
        child_show(desk->out);
    }
    return child_exit_status(status, desk->err);
}

int run_with_sentinel(struct desk *desk, ...) {
    char *arguments[ARGUMENTS_MAX] = {(char[]){"karanictl"}, (char[]){"--config"}, desk->config, (char[]){"--state"},
                                      desk->state};
    int count = 5;
    va_list list;
    va_start(list, desk);
    while ((arguments[count] = va_arg(list, char *)) != NULL) {
        count++;
    }
    va_end(list);
    return run_child(desk, arguments, NULL, NULL);
}
