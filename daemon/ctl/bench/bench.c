// Takes the device from the daemon and gives it back.
#include "daemon/ctl/bench/bench.h"

#include "daemon/linux/lock.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char unit[] = "karani.service";

// Without a shell. False unless it ends well.
static bool run_systemctl(const char *verb) {
    pid_t child = fork();
    if (child == 0) {
        execlp("systemctl", "systemctl", verb, unit, (char *)NULL);
        _exit(127);
    }
    int status;
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void hold_signals(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigprocmask(SIG_BLOCK, &set, NULL);
}

bool ctl_bench_is_interrupted(void) {
    sigset_t set;
    return sigpending(&set) == 0 && (sigismember(&set, SIGINT) == 1 || sigismember(&set, SIGTERM) == 1);
}

// The lock says whether the daemon, or another test, is there. Without its directory there is none, and who else has
// the lines says the kernel.
static bool take_lock(struct ctl_bench *bench, bool take_over) {
    bench->lock = lock_take(lock_runtime_dir());
    if (bench->lock != -EWOULDBLOCK) {
        return true;
    }
    if (!take_over) {
        ctl_complain("The daemon has the device: stop it (systemctl stop karani), or give --take-over.");
        return false;
    }
    if (!run_systemctl("stop")) {
        ctl_complain("%s cannot be stopped; do it as root.", unit);
        return false;
    }
    bench->stopped = true;
    bench->lock = lock_take(lock_runtime_dir());
    if (bench->lock != -EWOULDBLOCK) {
        return true;
    }
    ctl_complain("Another program still drives the panel (%s/lock).", lock_runtime_dir());
    return false;
}

static bool read_setup(struct ctl_bench *bench, const struct ctl *ctl) {
    struct config *config = NULL;
    const char *path = ctl->config->path;
    int error = path != NULL ? config_read(&config, path, false, ctl_complain_of_config, NULL) : 0;
    if (path == NULL) {
        config = config_new();
    }
    if (config != NULL) {
        error = setup_make(&bench->setup, config, ctl->paths, ctl_complain_of_config, NULL);
    }
    if (bench->setup == NULL) {
        ctl_complain("No device can be made of this: %s.", strerror(error < 0 ? -error : ENOMEM));
    }
    return bench->setup != NULL;
}

bool ctl_bench_begin(struct ctl_bench *bench, const struct ctl *ctl) {
    *bench = (struct ctl_bench){.lock = -1};
    if (!read_setup(bench, ctl)) {
        return false;
    }
    setup_speak(bench->setup, ctl->paths);
    hold_signals();
    if (take_lock(bench, ctl_has(ctl, "take-over"))) {
        return true;
    }
    (void)ctl_bench_end(bench, EXIT_FAILURE); // it fails anyway
    return false;
}

int ctl_bench_end(struct ctl_bench *bench, int exit_status) {
    if (bench->lock >= 0) {
        close(bench->lock);
    }
    setup_free(bench->setup);
    if (bench->stopped && !run_systemctl("start")) {
        return ctl_complain("%s cannot be started again; do it as root.", unit);
    }
    return exit_status;
}
