// Writes the runtime directory's files beside their names and renames them: who reads sees the old or the new one.
#include "daemon/host/status.h"

#include "daemon/core/night.h"
#include "display/frame/frame_png.h"

#include <errno.h>
#include <json-glib/json-glib.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MODE = 0640 };

static const char status_name[] = "status.json";
static const char glass_name[] = "glass.png";

static void add_text(JsonBuilder *builder, const char *name, const char *text) {
    json_builder_set_member_name(builder, name);
    if (text != NULL) {
        json_builder_add_string_value(builder, text);
    } else {
        json_builder_add_null_value(builder);
    }
}

static void add_yes(JsonBuilder *builder, const char *name, bool yes) {
    json_builder_set_member_name(builder, name);
    json_builder_add_boolean_value(builder, yes);
}

static void add_minutes(JsonBuilder *builder, const char *name, int minutes) {
    json_builder_set_member_name(builder, name);
    if (minutes >= 0) {
        json_builder_add_int_value(builder, minutes);
    } else {
        json_builder_add_null_value(builder);
    }
}

static bool is_told_before(const struct status_trouble *troubles, int at) {
    for (int i = 0; i < at; i++) {
        if (strcmp(troubles[i].part, troubles[at].part) == 0) {
            return true;
        }
    }
    return false;
}

static void add_troubles(JsonBuilder *builder, const struct status_trouble *troubles) {
    json_builder_set_member_name(builder, "troubles");
    json_builder_begin_object(builder);
    for (int i = 0; i < STATUS_TROUBLES_MAX && troubles[i].part != NULL; i++) {
        if (!is_told_before(troubles, i)) {
            add_text(builder, troubles[i].part, troubles[i].sentence);
        }
    }
    json_builder_end_object(builder);
}

char *status_format(const struct status *status) {
    char night[NIGHT_TEXT_SIZE];
    if (status->night != NIGHT_NONE) {
        night_format(status->night, night);
    }
    JsonBuilder *builder = json_builder_new();
    json_builder_begin_object(builder);
    add_text(builder, "page", status->page);
    add_text(builder, "text", status->text);
    add_text(builder, "night", status->night != NIGHT_NONE ? night : NULL);
    add_minutes(builder, "minutes_left", status->minutes_left);
    add_text(builder, "clock", status->clock);
    add_yes(builder, "kept", status->kept);
    add_text(builder, "panel", status->panel);
    add_text(builder, "trouble", status->trouble);
    add_text(builder, "trouble_of", status->trouble_of);
    add_troubles(builder, status->troubles);
    add_yes(builder, "running", true);
    json_builder_end_object(builder);
    JsonNode *root = json_builder_get_root(builder);
    char *text = json_to_string(root, TRUE);
    char *copy = strdup(text);
    g_free(text);
    json_node_unref(root);
    g_object_unref(builder);
    return copy;
}

// DIR/NAME and the name beside it that is written first. False when that is too long.
static bool make_paths(const char *dir, const char *name, char path[PATH_MAX], char beside[PATH_MAX]) {
    int length = snprintf(beside, PATH_MAX, "%s/.%s.new", dir, name);
    snprintf(path, PATH_MAX, "%s/%s", dir, name);
    return length > 0 && length < PATH_MAX;
}

static int replace(const char *path, const char *beside) {
    int error = chmod(beside, MODE) < 0 || rename(beside, path) < 0 ? -errno : 0;
    if (error < 0) {
        unlink(beside);
    }
    return error;
}

int status_write(const char *dir, const char *text) {
    char path[PATH_MAX], beside[PATH_MAX];
    if (!make_paths(dir, status_name, path, beside)) {
        return -ENAMETOOLONG;
    }
    FILE *file = fopen(beside, "we");
    if (file == NULL) {
        return -errno;
    }
    bool written = fprintf(file, "%s\n", text) > 0;
    int error = fclose(file) != 0 || !written ? -EIO : replace(path, beside);
    return error;
}

int status_write_glass(const char *dir, const struct frame *glass) {
    char path[PATH_MAX], beside[PATH_MAX];
    if (!make_paths(dir, glass_name, path, beside)) {
        return -ENAMETOOLONG;
    }
    int error = frame_write_png(glass, beside);
    return error < 0 ? error : replace(path, beside);
}

void status_remove(const char *dir) {
    char path[PATH_MAX], beside[PATH_MAX];
    if (make_paths(dir, status_name, path, beside)) {
        unlink(path);
    }
}
