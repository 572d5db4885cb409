// The power-cut check: records what the product does to its files, makes the states in which a power cut may leave
// them, and has each judged. Ends with 0 when nothing acknowledged is lost anywhere, and when the settings known to
// lose do lose.
#include "tests/powercut/replay.h"
#include "tests/powercut/workload.h"

#include <ftw.h>
#include <getopt.h>
#include <inttypes.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { JOBS_MAX = 16, TELL_EVERY_S = 10, CONTROL_PARTS = 8, CONTROL_STATES_MIN = 300, CONTROL_STATES_MAX = 3000 };

static const struct workload {
    const char *name;
    void (*run)(struct tale *tale, const char *directory);
    int share; // of the states, in parts; 0: a few besides
    bool must_fail;
} WORKLOADS[] = {
    {"month", workload_month, 12, false},
    {"month, log reused", workload_month_reusing, 6, false},
    {"corrections", workload_corrections, 6, false},
    {"backup", workload_backup, 4, false},
    {"migration", workload_migration, 2, false},
    {"restoration", workload_restoration, 1, false},
    {"control: WAL, FULL", workload_wal_full, 0, false},
    {"control: DELETE, EXTRA", workload_delete_extra, 0, false},
    {"control: WAL, OFF", workload_wal_off, 0, true},
    {"control: DELETE, FULL", workload_delete_full, 0, true},
};
enum { WORKLOADS_COUNT = sizeof WORKLOADS / sizeof *WORKLOADS };

struct options {
    int64_t states;
    int64_t jobs;
    bool whole_sectors;
    const char *workload; // NULL: all of them
    const char *keep;     // NULL: not one state alone
    size_t prefix;
    uint64_t seed;
};

struct check {
    const struct options *options;
    char directory[PATH_MAX / 2];
    struct tally *tallies; // one a job
    struct timespec begun;
};

static double seconds_since(const struct timespec *begun) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - begun->tv_sec) + (double)(now.tv_nsec - begun->tv_nsec) / 1e9;
}

// In memory where there is room for it: a state is made and forgotten.
static void make_directory(struct check *check) {
    const char *base = getenv("TMPDIR");
    base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : base != NULL ? base : "/tmp";
    snprintf(check->directory, sizeof check->directory, "%s/karani-powercut-XXXXXX", base);
    if (mkdtemp(check->directory) == NULL) {
        perror(check->directory);
        exit(2);
    }
}

static void make_below(const struct check *check, const char *name, char path[PATH_MAX]) {
    snprintf(path, PATH_MAX, "%s/%s", check->directory, name);
    mkdir(path, 0700);
}

static struct tale record(const struct check *check, const struct workload *workload) {
    char path[PATH_MAX];
    struct tale tale = {.name = workload->name};
    make_below(check, workload->name, path);
    workload->run(&tale, path);
    return tale;
}

static struct tally sum_of(const struct check *check) {
    struct tally sum = {.states = 0};
    for (int64_t job = 0; job < check->options->jobs; job++) {
        const struct tally *tally = &check->tallies[job];
        sum.states += tally->states;
        sum.recoveries += tally->recoveries;
        for (int verdict = 0; verdict < VERDICT_COUNT; verdict++) {
            sum.faults[verdict] += tally->faults[verdict];
        }
    }
    return sum;
}

static void run_job(const struct check *check, const struct workload *workload, const struct tale *tale, int64_t states,
                    int64_t job) {
    char name[32], path[PATH_MAX];
    snprintf(name, sizeof name, "job%" PRId64, job);
    make_below(check, name, path);
    replay_run(&(struct replay){
        .tale = tale,
        .directory = path,
        .states = states,
        .jobs = check->options->jobs,
        .job = job,
        .whole_sectors = check->options->whole_sectors,
        .tells = !workload->must_fail,
        .tally = &check->tallies[job],
    });
}

// Waits for the jobs, telling how far they are. How many of them broke off.
static int wait_for_jobs(const struct check *check, const struct tale *tale, int64_t states, const pid_t *children) {
    int broken = 0;
    int64_t left = check->options->jobs;
    double told = seconds_since(&check->begun);
    while (left > 0) {
        int status;
        pid_t ended = waitpid(-1, &status, WNOHANG);
        double now = seconds_since(&check->begun);
        if (ended == 0 && now - told >= TELL_EVERY_S) {
            told = now;
            const struct tally sum = sum_of(check);
            fprintf(stderr, "%s: %" PRId64 " of %" PRId64 " states\n", tale->name,
                    (int64_t)(sum.states - sum.recoveries), states);
        }
        if (ended <= 0) {
            nanosleep(&(struct timespec){.tv_nsec = 20 * 1000 * 1000}, NULL);
            continue;
        }
        left--;
        for (int64_t job = 0; job < check->options->jobs; job++) {
            if (children[job] == ended && status != 0) {
                broken++;
                printf("%s, cut after operation %" PRId64 ", seed %" PRIu64 ": the program broke off (%s %d)\n",
                       tale->name, (int64_t)check->tallies[job].prefix, (uint64_t)check->tallies[job].seed,
                       WIFSIGNALED(status) ? "signal" : "status",
                       WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
            }
        }
    }
    return broken;
}

static bool replay_all(const struct check *check, const struct workload *workload, const struct tale *tale,
                       int64_t states) {
    pid_t children[JOBS_MAX];
    struct timespec begun = check->begun;
    clock_gettime(CLOCK_MONOTONIC, &begun);
    memset(check->tallies, 0, JOBS_MAX * sizeof *check->tallies);
    fflush(stdout);
    for (int64_t job = 0; job < check->options->jobs; job++) {
        children[job] = fork();
        if (children[job] == 0) {
            run_job(check, workload, tale, states, job);
            fflush(stdout);
            _exit(0);
        }
    }
    int broken = wait_for_jobs(check, tale, states, children);
    const struct tally sum = sum_of(check);
    int64_t corrupt = sum.faults[VERDICT_CORRUPT], lost = sum.faults[VERDICT_LOST];
    bool failed = corrupt + lost + broken > 0;
    bool as_it_must = workload->must_fail ? corrupt + lost > 0 && broken == 0 : !failed;
    printf("%-24s %7zu %7zu %9" PRId64 " %9" PRId64 " %8" PRId64 " %8" PRId64 " %8.0f  %s\n", tale->name,
           tale->log.count, tale->model_count - 1, sum.states, sum.recoveries, corrupt, lost,
           (double)sum.states / seconds_since(&begun),
           as_it_must ? (workload->must_fail ? "fails, as it must" : "ok") : "WRONG");
    fflush(stdout);
    return as_it_must;
}

// Of a workload besides.
static int64_t few_of(int64_t states) {
    int64_t few = states / CONTROL_PARTS;
    few = few > CONTROL_STATES_MIN ? few : CONTROL_STATES_MIN;
    return few < CONTROL_STATES_MAX ? few : CONTROL_STATES_MAX;
}

// Each cut of each workload has one state, if there are so many; the rest goes by shares.
static void share_states(int64_t states, const struct tale tales[WORKLOADS_COUNT], int64_t shares[WORKLOADS_COUNT]) {
    int64_t parts = 0, cuts = 0;
    for (size_t i = 0; i < WORKLOADS_COUNT; i++) {
        parts += WORKLOADS[i].share;
        shares[i] = WORKLOADS[i].share > 0 ? replay_count_cuts(&tales[i]) : 0;
        cuts += shares[i];
    }
    bool each = states >= cuts;
    for (size_t i = 0; i < WORKLOADS_COUNT; i++) {
        const int64_t own = each ? shares[i] : 0, rest = each ? states - cuts : states;
        shares[i] = WORKLOADS[i].share > 0 ? own + (rest * WORKLOADS[i].share + parts - 1) / parts : few_of(states);
    }
}

static bool run_all(const struct check *check) {
    bool good = true;
    struct tale tales[WORKLOADS_COUNT];
    int64_t shares[WORKLOADS_COUNT];
    for (size_t i = 0; i < WORKLOADS_COUNT; i++) {
        tales[i] = record(check, &WORKLOADS[i]);
    }
    share_states(check->options->states, tales, shares);
    printf("%-24s %7s %7s %9s %9s %8s %8s %8s\n", "", "writes", "saved", "states", "twice cut", "corrupt", "lost",
           "states/s");
    for (size_t i = 0; i < WORKLOADS_COUNT; i++) {
        if (check->options->workload == NULL || strcmp(check->options->workload, WORKLOADS[i].name) == 0) {
            good = replay_all(check, &WORKLOADS[i], &tales[i], shares[i]) && good;
        }
        tale_clear(&tales[i]);
    }
    return good;
}

// One state alone, which stays in the directory asked for.
static bool run_one(const struct check *check) {
    const struct options *options = check->options;
    bool good = false;
    for (size_t i = 0; i < WORKLOADS_COUNT; i++) {
        if (options->workload != NULL && strcmp(options->workload, WORKLOADS[i].name) == 0) {
            struct tale tale = record(check, &WORKLOADS[i]);
            mkdir(options->keep, 0700);
            const struct replay replay = {
                .tale = &tale, .directory = options->keep, .whole_sectors = options->whole_sectors};
            good = replay_one(&replay, options->prefix, options->seed) == VERDICT_GOOD;
            tale_clear(&tale);
        }
    }
    return good;
}

static int usage(void) {
    fprintf(stderr, "Usage: powercut [--states N] [--jobs N] [--whole-sectors] [--workload NAME]\n"
                    "       powercut --workload NAME --prefix N --seed N --keep DIR\n");
    return 2;
}

static bool parse(int count, char **arguments, struct options *options) {
    static const struct option LONG[] = {
        {"states", required_argument, NULL, 'n'},  {"jobs", required_argument, NULL, 'j'},
        {"whole-sectors", no_argument, NULL, 's'}, {"workload", required_argument, NULL, 'w'},
        {"prefix", required_argument, NULL, 'p'},  {"seed", required_argument, NULL, 'x'},
        {"keep", required_argument, NULL, 'k'},    {NULL, 0, NULL, 0},
    };
    int option;
    while ((option = getopt_long(count, arguments, "", LONG, NULL)) != -1) {
        switch (option) {
        case 'n':
            options->states = strtoll(optarg, NULL, 10);
            break;
        case 'j':
            options->jobs = strtoll(optarg, NULL, 10);
            break;
        case 's':
            options->whole_sectors = true;
            break;
        case 'w':
            options->workload = optarg;
            break;
        case 'p':
            options->prefix = (size_t)strtoull(optarg, NULL, 10);
            break;
        case 'x':
            options->seed = strtoull(optarg, NULL, 10);
            break;
        case 'k':
            options->keep = optarg;
            break;
        default:
            return false;
        }
    }
    return optind == count && options->states > 0 && options->jobs > 0 && options->jobs <= JOBS_MAX;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *ftw) {
    (void)status;
    (void)type;
    (void)ftw;
    return remove(path);
}

int main(int count, char **arguments) {
    struct options options = {.states = 10000, .jobs = 2};
    if (!parse(count, arguments, &options)) {
        return usage();
    }
    // One thread: what SQLite spends on locks and on counting its memory is a fifth of a state's time.
    sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    struct check check = {.options = &options};
    clock_gettime(CLOCK_MONOTONIC, &check.begun);
    check.tallies =
        mmap(NULL, JOBS_MAX * sizeof *check.tallies, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (check.tallies == MAP_FAILED) {
        perror("powercut");
        return 2;
    }
    make_directory(&check);
    bool good = options.keep != NULL ? run_one(&check) : run_all(&check);
    nftw(check.directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    return good ? 0 : 1;
}
