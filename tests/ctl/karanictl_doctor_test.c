// Tests of what karanictl tells of the device: its status, and what the doctor finds.
#include "daemon/settings/config.h"
#include "tests/support/ctl/karanictl_diary.h"
#include "tests/support/run/limit.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>

static void assert_status(const struct desk *desk, const char *panel, bool kept) {
    JsonNode *root = parse(desk);
    JsonObject *status = json_node_get_object(root);
    assert_true(json_object_get_null_member(status, "page"));
    assert_true(json_object_get_null_member(status, "minutes_left"));
    assert_true(json_object_has_member(status, "clock"));
    assert_int_equal(strlen(json_object_get_string_member(status, "night")), 10);
    assert_string_equal(json_object_get_string_member(status, "panel"), panel);
    assert_int_equal(json_object_get_boolean_member(status, "kept"), kept);
    assert_int_equal(json_object_get_null_member(status, "trouble"), kept);
    assert_false(json_object_get_boolean_member(status, "running"));
    json_node_unref(root);
}

static void status_without_a_daemon(void **state) {
    struct desk *desk = *state;
    bool lasting = diary_place(desk->state) == DIARY_PLACE_LASTING; // a /tmp may be memory, and nothing is kept there
    assert_int_equal(RUN(desk, "status", "--json"), 0);
    assert_status(desk, "waveshare-2.13-v4", lasting);
    put(desk->config, "[device]\npanel=waveshare-2.9-v2\n");
    assert_int_equal(RUN(desk, "status", "--json"), 0);
    assert_status(desk, "waveshare-2.9-v2", lasting);
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/diary.db", desk->state);
    put(path,
        "this is no database, but it is long enough to be looked at as if it were one: 100 bytes of header\n\n\n");
    assert_int_equal(RUN(desk, "status", "--json"), 0);
    assert_status(desk, "waveshare-2.9-v2", false);
    assert_int_equal(RUN(desk, "status"), 0);
    assert_memory_equal(desk->out, "The daemon is not running.", strlen("The daemon is not running."));
}

static void status_of_a_daemon(void **state) {
    struct desk *desk = *state;
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/status.json", desk->state);
    put(path, "{\"page\": \"countdown\", \"night\": \"2026-03-05\", \"minutes_left\": 7, \"clock\": \"synced\",\n"
              " \"kept\": false, \"panel\": \"waveshare-2.9-v2\", \"trouble\": null, \"more\": [1, 2]}\n");
    struct ctl ctl = {.status_path = path, .given = AS_JSON};
    assert_int_equal(run_child(desk, NULL, &status_command, &ctl), 0);
    assert_string_equal(desk->out, "{\"page\":\"countdown\",\"night\":\"2026-03-05\",\"minutes_left\":7,"
                                   "\"clock\":\"synced\",\"kept\":false,\"panel\":\"waveshare-2.9-v2\","
                                   "\"trouble\":null,\"more\":[1,2]}\n");
    ctl.given = NULL;
    assert_int_equal(run_child(desk, NULL, &status_command, &ctl), 0);
    assert_string_equal(desk->out, "Page          countdown\n"
                                   "Night         2026-03-05\n"
                                   "Minutes left  7\n"
                                   "Clock         synced\n"
                                   "Panel         waveshare-2.9-v2\n"
                                   "Kept          no\n"
                                   "Trouble       –\n");
    put(path, "{\"page\":");
    assert_int_equal(run_child(desk, NULL, &status_command, &ctl), 1);
    assert_non_null(strstr(desk->err, path));
}

// A part of what the doctor said, as JSON: whether it is well, and its text ("" for none).
static bool doctor_says(const struct desk *desk, const char *part, char text[512]) {
    JsonNode *root = parse(desk);
    JsonObject *found = json_object_get_object_member(json_node_get_object(root), part);
    assert_non_null(found);
    bool well = json_object_get_boolean_member(found, "ok");
    bool none = json_object_get_null_member(found, "text");
    snprintf(text, 512, "%s", none ? "" : json_object_get_string_member(found, "text"));
    assert_true(well || text[strlen(text) - 1] == '.');
    json_node_unref(root);
    return well;
}

// Whether what the doctor printed for people finds every part well; they are as many as in PARTS below.
static bool every_line_is_ok(const char *printed) {
    enum { PART_COUNT = 6, NAME_WIDTH = 12 };
    int lines = 0, well = 0;
    for (const char *end; (end = strchr(printed, '\n')) != NULL; printed = end + 1) {
        assert_true(end - printed >= NAME_WIDTH + 3);
        lines++;
        well += strncmp(printed + NAME_WIDTH, " ok", 3) == 0;
    }
    assert_int_equal(lines, PART_COUNT);
    return well == PART_COUNT;
}

static void the_doctor_and_a_damaged_diary(void **state) {
    struct desk *desk = *state;
    static const char *const PARTS[] = {"storage", "diary", "clock", "panel", "board", "permissions"};
    char text[512], path[PATH_MAX], error[256];
    struct diary *diary;
    write_diary(desk);
    RUN(desk, "doctor", "--json"); // it may find a panel here or none
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++) {
        doctor_says(desk, PARTS[i], text);
    }
    assert_true(doctor_says(desk, "diary", text));
    assert_non_null(strstr(text, "8 sessions, 0 backups"));
    assert_true(doctor_says(desk, "board", text));
    assert_string_equal(text, "waveshare-hat");
    snprintf(path, sizeof path, "%s/diary.db", desk->state);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    assert_int_equal(pwrite(fd, "spoilt", 6, 100), 6);
    close(fd);
    assert_int_equal(RUN(desk, "doctor", "--json"), 1);
    assert_false(doctor_says(desk, "diary", text));
    assert_non_null(strstr(text, "damaged"));
    assert_memory_equal(desk->err, "karanictl: Not all is well: ", strlen("karanictl: Not all is well: "));
    assert_non_null(strstr(desk->err, "diary"));
    assert_string_equal(strchr(desk->err, '\n'), "\n");
    assert_int_equal(diary_open(&diary, desk->state, NULL, error, sizeof error), 0); // as the device does
    diary_close(diary);
    assert_int_equal(RUN(desk, "doctor", "--json"), 1);
    assert_false(doctor_says(desk, "diary", text));
    assert_non_null(strstr(text, "8 sessions are kept"));
    assert_non_null(strstr(text, "diary.db.damaged-"));
    assert_int_equal(diary_open(&diary, desk->state, NULL, error, sizeof error), 0);
    assert_int_equal(diary_restored_told(diary), 0);
    diary_close(diary);
    RUN(desk, "doctor", "--json");
    assert_true(doctor_says(desk, "diary", text)); // the owner has read of it

    int status = RUN(desk, "doctor"); // not in one call with what reads its output: arguments have no order
    assert_int_equal(status, every_line_is_ok(desk->out) ? 0 : 1);
}

static void the_doctor_and_the_device(void **state) {
    struct desk *desk = *state;
    char text[512], path[PATH_MAX];
    struct paths *paths;
    snprintf(path, sizeof path, "%s/status.json", desk->state);
    put(path, "{\"clock\": \"restored\", \"kept\": false, \"trouble\": \"The glass is gone.\", "
              "\"trouble_of\": \"panel\"}\n");
    put(desk->config, "[practice]\nminutes=99\n");
    struct config *config = NULL;
    assert_int_equal(config_read(&config, desk->config, false, ctl_complain_of_config, NULL), -EINVAL);
    assert_int_equal(paths_find_beside(&paths, desk->program, false), 0);
    const struct ctl ctl = {
        .status_path = path, .given = AS_JSON, .state_dir = desk->state, .config = config, .paths = paths};
    assert_int_equal(run_child(desk, NULL, &doctor_command, &ctl), 1);
    assert_false(doctor_says(desk, "storage", text));
    assert_false(doctor_says(desk, "clock", text));
    assert_non_null(strstr(text, "time is not known"));
    assert_false(doctor_says(desk, "panel", text));
    assert_string_equal(text, "The glass is gone.");
    assert_false(doctor_says(desk, "board", text));
    assert_non_null(strstr(text, "minutes"));
    put(path, "{\"clock\": \"synced\", \"kept\": true, \"trouble\": null, \"trouble_of\": null}\n");
    run_child(desk, NULL, &doctor_command, &ctl);
    assert_true(doctor_says(desk, "clock", text));
    assert_string_equal(text, "synced");
    config_free(config);
    paths_free(paths);
}

// All that is in the desk's directory, a name and a checksum each.
static void take_stock(const struct desk *desk, char *stock) {
    struct dirent **entries;
    int count = scandir(desk->state, &entries, NULL, alphasort);
    assert_true(count >= 0);
    *stock = '\0';
    for (int i = 0; i < count; i++) {
        char path[PATH_MAX], *bytes;
        gsize size;
        snprintf(path, sizeof path, "%s/%s", desk->state, entries[i]->d_name);
        if (g_file_get_contents(path, &bytes, &size, NULL)) {
            char *sum = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)bytes, size);
            stock += sprintf(stock, "%s %s\n", entries[i]->d_name, sum);
            g_free(sum);
            g_free(bytes);
        }
        free(entries[i]);
    }
    free(entries);
}

static int64_t root_page(const char *path, const char *name) {
    sqlite3 *db;
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT rootpage FROM sqlite_schema WHERE name = ?", -1, &statement, NULL),
                     SQLITE_OK);
    sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t page = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    return page;
}

// What no session lies in is damaged all the same; the doctor says so and leaves it as it is.
static void the_doctor_and_a_damaged_page(void **state) {
    enum { PAGE_B = 512, STOCK_SIZE = 8192 };
    static const char *const TABLES[] = {"sqlite_autoindex_session_1", "away", "change", "setting", "upkeep"};
    struct desk *desk = *state;
    char path[PATH_MAX], text[512], was[PAGE_B], spoilt[PAGE_B], before[STOCK_SIZE], after[STOCK_SIZE];
    memset(spoilt, 0xa5, sizeof spoilt);
    write_diary(desk);
    snprintf(path, sizeof path, "%s/diary.db", desk->state);
    for (size_t i = 0; i < sizeof TABLES / sizeof *TABLES; i++) {
        off_t at = (root_page(path, TABLES[i]) - 1) * PAGE_B;
        int fd = open(path, O_RDWR | O_CLOEXEC);
        assert_int_equal(pread(fd, was, PAGE_B, at), PAGE_B);
        assert_int_equal(pwrite(fd, spoilt, PAGE_B, at), PAGE_B);
        take_stock(desk, before);
        assert_int_equal(RUN(desk, "doctor", "--json"), 1);
        take_stock(desk, after);
        assert_string_equal(after, before);
        if (doctor_says(desk, "diary", text) || strstr(text, "damaged") == NULL) {
            fail_msg("%s: %s", TABLES[i], text);
        }
        assert_int_equal(pwrite(fd, was, PAGE_B, at), PAGE_B);
        close(fd);
    }
    RUN(desk, "doctor", "--json");
    assert_true(doctor_says(desk, "diary", text));
}

// What is wrong with one part hides nothing of another.
static void the_doctor_and_every_trouble_of_the_daemon(void **state) {
    struct desk *desk = *state;
    char text[512], path[PATH_MAX];
    struct paths *paths;
    struct config *config = NULL;
    snprintf(path, sizeof path, "%s/status.json", desk->state);
    put(path, "{\"clock\": \"synced\", \"kept\": false, \"trouble\": \"The card is worn out.\", "
              "\"trouble_of\": \"diary\", \"troubles\": {\"diary\": \"The card is worn out.\", "
              "\"panel\": \"There is no glass.\", \"board\": \"There are no buttons.\"}}\n");
    assert_int_equal(config_read(&config, desk->config, false, ctl_complain_of_config, NULL), 0);
    assert_int_equal(paths_find_beside(&paths, desk->program, false), 0);
    const struct ctl ctl = {
        .status_path = path, .given = AS_JSON, .state_dir = desk->state, .config = config, .paths = paths};
    assert_int_equal(run_child(desk, NULL, &doctor_command, &ctl), 1);
    static const char *const WRONG[][2] = {
        {"diary", "The card is worn out."}, {"panel", "There is no glass."}, {"board", "There are no buttons."}};
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        assert_false(doctor_says(desk, WRONG[i][0], text));
        assert_string_equal(text, WRONG[i][1]);
    }
    config_free(config);
    paths_free(paths);
}

// A user who may not see the daemon is not told that there is none.
static void status_of_a_daemon_that_is_hidden(void **state) {
    struct desk *desk = *state;
    char path[PATH_MAX];
    if (geteuid() != 0) {
        skip();
    }
    snprintf(path, sizeof path, "%s/hidden", desk->state);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(chmod(desk->state, 0777), 0);
    strcat(path, "/status.json");
    struct ctl ctl = {.status_path = path, .given = AS_JSON, .state_dir = PATHS_STATE};
    assert_int_equal(seteuid(65534), 0);
    int exit_status = run_child(desk, NULL, &status_command, &ctl);
    assert_int_equal(seteuid(0), 0);
    *strrchr(path, '/') = '\0';
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(exit_status, 1);
    assert_string_equal(desk->out, "");
    assert_non_null(strstr(desk->err, "group karani"));
}

int main(void) {
    limit_processor_s(120);
    const struct CMUnitTest tests[] = {
        STORY(status_without_a_daemon),           STORY(status_of_a_daemon),
        STORY(the_doctor_and_a_damaged_diary),    STORY(the_doctor_and_a_damaged_page),
        STORY(the_doctor_and_the_device),         STORY(the_doctor_and_every_trouble_of_the_daemon),
        STORY(status_of_a_daemon_that_is_hidden),
    };
    return cmocka_run_group_tests_name("karanictl, doctor", tests, NULL, NULL);
}
