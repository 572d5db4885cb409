// karanictl status: what the device shows and how it is; without a daemon, what can be told from outside.
#include "daemon/ctl/command.h"

#include "daemon/ctl/correct/correct.h"
#include "daemon/ctl/remote.h"
#include "daemon/settings/board.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

enum { TROUBLE_SIZE = 512 };

static void print_member(JsonObject *status, const char *label, const char *name) {
    JsonNode *node = json_object_get_member(status, name);
    if (node == NULL || JSON_NODE_HOLDS_NULL(node)) {
        printf("%-13s –\n", label);
    } else if (JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING) {
        printf("%-13s %s\n", label, json_node_get_string(node));
    } else if (JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_BOOLEAN) {
        printf("%-13s %s\n", label, json_node_get_boolean(node) ? "yes" : "no");
    } else {
        char *text = json_to_string(node, FALSE);
        printf("%-13s %s\n", label, text);
        g_free(text);
    }
}

static void print_words(JsonNode *root) {
    static const struct {
        const char *label;
        const char *name;
    } LINES[] = {
        {"Page", "page"},   {"Night", "night"}, {"Minutes left", "minutes_left"}, {"Clock", "clock"},
        {"Panel", "panel"}, {"Kept", "kept"},   {"Trouble", "trouble"},
    };
    for (size_t i = 0; i < sizeof LINES / sizeof *LINES; i++) {
        print_member(json_node_get_object(root), LINES[i].label, LINES[i].name);
    }
}

static void print_root(const struct ctl *ctl, JsonNode *root) {
    if (!ctl_has(ctl, "json")) {
        print_words(root);
        return;
    }
    char *line = json_to_string(root, FALSE);
    puts(line);
    g_free(line);
}

// The daemon that has another state directory than the usual one is asked through its socket.
static bool print_asked(const struct ctl *ctl, int *exit_status) {
    JsonNode *root;
    int error = ctl_ask_status(ctl, &root);
    if (error == -ESRCH) {
        return false;
    }
    if (error != 0) {
        *exit_status = ctl_complain_of_call(ctl, error, NULL);
        return true;
    }
    print_root(ctl, root);
    json_node_unref(root);
    return true;
}

// What the daemon says of itself. False when it says nothing.
static bool print_daemons(const struct ctl *ctl, int *exit_status) {
    char *text = NULL;
    GError *error = NULL;
    if (ctl->status_path == NULL) {
        return print_asked(ctl, exit_status);
    }
    if (!g_file_get_contents(ctl->status_path, &text, NULL, &error)) {
        bool hidden = g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_ACCES);
        g_error_free(error);
        if (hidden) {
            *exit_status = ctl_complain_of_call(ctl, -EACCES, NULL);
        }
        return hidden;
    }
    JsonNode *root = json_from_string(text, NULL);
    g_free(text);
    if (root == NULL || !JSON_NODE_HOLDS_OBJECT(root)) {
        *exit_status = ctl_complain("%s is no JSON object: restart karani.service.", ctl->status_path);
    } else {
        print_root(ctl, root);
    }
    if (root != NULL) {
        json_node_unref(root);
    }
    return true;
}

// The config's panel, or the one of its board; NULL when no board says. Owned.
static char *find_panel(const struct ctl *ctl) {
    if (ctl->config->panel != NULL) {
        return strdup(ctl->config->panel);
    }
    struct board *board = NULL;
    const char *name = ctl->config->board != NULL ? ctl->config->board : "waveshare-hat";
    int error = board_read(&board, name, (const char *const *)ctl->paths->boards, ctl_complain_of_config, NULL);
    char *panel = error == 0 && board->panel != NULL ? strdup(board->panel) : NULL;
    if (error == 0) {
        board_free(board);
    }
    return panel;
}

// What a daemon that is started now would take the clock for; NULL when the diary cannot be asked.
static const char *find_clock(struct diary *diary) {
    return diary != NULL ? clock_quality_name(ctl_clock_begin(diary, NULL).quality) : NULL; // of any zone
}

// A diary that is opened to be written needs its log's 256 KiB at once, the log's index, and files for them.
static bool is_full(const char *state_dir) {
    enum { OPENING_B = 320 * 1024 };
    struct statvfs room;
    return statvfs(state_dir, &room) == 0 &&
           ((uint64_t)room.f_bavail * room.f_frsize < OPENING_B || (room.f_files > 0 && room.f_favail == 0));
}

// Whether a daemon that is started now could not keep what is new, whichever directory it is; `trouble` says why.
static bool find_trouble(const char *state_dir, struct diary *diary, char trouble[TROUBLE_SIZE]) {
    const char *place = diary_place_sentence(diary_place(state_dir));
    if (diary_check(diary) != 0 || diary_health(diary) != DIARY_GOOD) {
        snprintf(trouble, TROUBLE_SIZE, "%s/diary.db: %s", state_dir, diary_health_sentence(diary_health(diary)));
        return true;
    }
    if (diary_is_missing(state_dir, trouble, TROUBLE_SIZE)) {
        return true;
    }
    if (place == NULL && is_full(state_dir)) {
        place = diary_health_sentence(DIARY_FULL);
    }
    if (place != NULL) {
        snprintf(trouble, TROUBLE_SIZE, "%s", place);
    }
    return place != NULL;
}

static JsonNode *derive(const struct ctl *ctl) {
    struct diary *diary = NULL;
    char trouble[TROUBLE_SIZE] = "";
    bool kept = diary_open_read(&diary, ctl->state_dir, trouble, sizeof trouble) == 0 &&
                !find_trouble(ctl->state_dir, diary, trouble);
    char night[NIGHT_TEXT_SIZE];
    night_format(night_of_local(ctl_local_s(ctl, diary)), night);
    const char *clock = find_clock(diary);
    diary_close(diary);
    char *panel = find_panel(ctl);
    JsonBuilder *builder = json_builder_new();
    json_builder_begin_object(builder);
    ctl_add_text(builder, "page", NULL);
    ctl_add_text(builder, "night", night);
    ctl_add_text(builder, "minutes_left", NULL);
    ctl_add_text(builder, "clock", clock);
    json_builder_set_member_name(builder, "kept");
    json_builder_add_boolean_value(builder, kept);
    ctl_add_text(builder, "panel", panel);
    ctl_add_text(builder, "trouble", kept ? NULL : trouble);
    json_builder_set_member_name(builder, "running");
    json_builder_add_boolean_value(builder, FALSE);
    json_builder_end_object(builder);
    JsonNode *root = json_builder_get_root(builder);
    g_object_unref(builder);
    free(panel);
    return root;
}

static int run(const struct ctl *ctl) {
    int exit_status = EXIT_SUCCESS;
    if (print_daemons(ctl, &exit_status)) {
        return exit_status;
    }
    JsonNode *root = derive(ctl);
    if (!ctl_has(ctl, "json")) {
        puts("The daemon is not running. Without it, this is known:");
    }
    print_root(ctl, root);
    json_node_unref(root);
    return EXIT_SUCCESS;
}

static const struct option_row OPTIONS[] = {
    OPTION_ROW_JSON,
    {.name = NULL},
};

const struct command status_command = {
    .name = "status",
    .summary = "what the device shows, and whether all is well",
    .options = OPTIONS,
    .run = run,
};
