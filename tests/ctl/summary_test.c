// `karanictl summary --json` over whole diaries: every history of an independent model in Python is written down,
// summed up by the command and compared field by field.
#include "daemon/ctl/registry.h"
#include "daemon/settings/config.h"
#include "tests/oracle/oracle.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { ORACLE_LIMIT_S = 60, DAY_S = 24 * 60 * 60, EVENING_S = 21 * 60 * 60 };

// A diary in the making: in memory, where the machine has room for files there.
struct desk {
    char state_dir[64];
    struct diary *diary;
    int count; // of its sessions
    struct session_record sessions[4096];
};

static bool desk_open(struct desk *desk) {
    char sentence[256];
    snprintf(desk->state_dir, sizeof desk->state_dir, "%s/karani-summary-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    desk->count = 0;
    return mkdtemp(desk->state_dir) != NULL &&
           diary_open(&desk->diary, desk->state_dir, NULL, sentence, sizeof sentence) == 0;
}

static void desk_close(struct desk *desk) {
    static const char *const files[] = {"diary.db", "diary.db-wal", "diary.db-shm"};
    char path[128];
    diary_close(desk->diary);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", desk->state_dir, files[i]);
        unlink(path);
    }
    rmdir(desk->state_dir);
}

static bool desk_sit(struct desk *desk, int32_t night, int64_t held_s, enum outcome outcome) {
    if (desk->count == sizeof desk->sessions / sizeof desk->sessions[0]) {
        return false;
    }
    struct session_record *session = &desk->sessions[desk->count];
    *session = (struct session_record){
        .night = night,
        .started_utc_s = (night == NIGHT_NONE ? 0 : night) * (int64_t)DAY_S + EVENING_S + desk->count,
        .zone = "UTC",
        .clock = night == NIGHT_NONE ? CLOCK_UNSET : CLOCK_SYNCED,
        .routine = "legs-up-the-wall",
        .variant = "wall",
        .planned_s = 600,
        .held_s = held_s,
        .outcome = outcome,
        .paused_at_boot_ms = -1,
    };
    snprintf(session->uuid, sizeof session->uuid, "00000000-0000-4000-8000-%012d", desk->count++);
    return true;
}

static bool desk_save(struct desk *desk) {
    struct diary_change change = {.what = "import"};
    return diary_correct(desk->diary, desk->sessions, (size_t)desk->count, &change) == 0;
}

// "NIGHT:HELD …" into sessions, a foreign one beside each, which counts nowhere.
static bool write_sittings(struct desk *desk, char *text) {
    char *rest;
    for (char *word = strtok_r(text, " \n", &rest); word != NULL; word = strtok_r(NULL, " \n", &rest)) {
        int32_t night;
        int64_t held_s;
        if (sscanf(word, "%" SCNd32 ":%" SCNd64, &night, &held_s) != 2 ||
            !desk_sit(desk, night, held_s, OUTCOME_FINISHED) || !desk_sit(desk, night, 600, OUTCOME_NOT_MINE)) {
            return false;
        }
    }
    return true;
}

static bool write_away(struct desk *desk, char *text) {
    char *rest;
    for (char *word = strtok_r(text, " \n", &rest); word != NULL; word = strtok_r(NULL, " \n", &rest)) {
        int32_t night;
        if (sscanf(word, "%" SCNd32, &night) != 1 || diary_set_away(desk->diary, night, true, 0) != 0) {
            return false;
        }
    }
    return true;
}

// One history a line, in the words of tests/oracle/habit_model.py: "TONIGHT LAST_NIGHT REST_NIGHTS COUNTS_FROM UNDATED
// | NIGHT:HELD … | AWAY …". `--tonight` itself says which night is the last.
static bool answer_line(struct desk *desk, struct config *config, char *line) {
    char *sittings = strchr(line, '|');
    char *away = sittings == NULL ? NULL : strchr(sittings + 1, '|');
    struct option_given given[] = {{.name = "json"}, {.name = "tonight"}, {.name = NULL}};
    const struct ctl ctl = {.config = config, .state_dir = desk->state_dir, .given = given};
    int64_t undated_s;
    if (away == NULL || sscanf(line, "%" SCNd64 "%*d%d%d%" SCNd64, &given[1].number, &config->rest_nights,
                               &config->counts_from_s, &undated_s) != 4) {
        return false;
    }
    *away = '\0';
    return write_sittings(desk, sittings + 1) && desk_sit(desk, NIGHT_NONE, undated_s, OUTCOME_INTERRUPTED) &&
           desk_save(desk) && write_away(desk, away + 1) && summary_command.run(&ctl) == EXIT_SUCCESS;
}

static int answer(void) {
    static struct desk desk;
    struct config *config = config_new();
    char *line = NULL;
    size_t size = 0;
    bool well = config != NULL;
    while (well && getline(&line, &size, stdin) > 0) {
        well = desk_open(&desk) && answer_line(&desk, config, line);
        desk_close(&desk);
    }
    free(line);
    config_free(config);
    return well ? EXIT_SUCCESS : EXIT_FAILURE;
}

static void test_model_agrees(void **state) {
    (void)state;
    oracle_run("tests/oracle/habit_model.py", "--json", ORACLE_LIMIT_S);
}

int main(int argc, char **argv) {
    if (argc == 2 && strcmp(argv[1], "--answer") == 0) {
        return answer();
    }
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_model_agrees)};
    return cmocka_run_group_tests_name("summary", tests, NULL, NULL);
}
