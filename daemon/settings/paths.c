// Where things are: settings, state, data beside the program, fonts, the system's zone.
#include "daemon/settings/paths.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char OWNERS_BOARDS[] = "/etc/karani/boards";
static const char OWNERS_ROUTINES[] = "/etc/karani/routines";
static const char FONT_FILE[] = "B612-Regular.otf";
static const char ZONEINFO[] = "/zoneinfo/";

__attribute__((format(printf, 1, 2))) static char *text_of(const char *format, ...) {
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    return length < 0 ? NULL : text;
}

// Fills the list of directories; false when memory is out.
static bool fill_directories(char *list[PATHS_DIRECTORIES], const char *owners, const char *share, const char *kind) {
    size_t count = 0;
    if (owners != NULL) {
        list[count] = strdup(owners);
        if (list[count++] == NULL) {
            return false;
        }
    }
    list[count] = text_of("%s/karani/%s", share, kind);
    return list[count] != NULL;
}

// Cuts the last part off an absolute path. False when there is none above it.
static bool cut_last(char *path) {
    char *slash = strrchr(path, '/');
    if (slash == NULL) {
        return false;
    }
    *slash = '\0';
    return true;
}

int paths_find_beside(struct paths **paths, const char *program, bool owners_too) {
    char *prefix = strdup(program);
    if (prefix == NULL) {
        return -ENOMEM;
    }
    if (!cut_last(prefix) || !cut_last(prefix)) {
        free(prefix);
        return -EINVAL;
    }
    struct paths *found = calloc(1, sizeof *found);
    if (found != NULL) {
        found->share = text_of("%s/share", prefix);
        found->hat = owners_too ? PATHS_HAT : NULL;
    }
    free(prefix);
    bool whole = found != NULL && found->share != NULL &&
                 fill_directories(found->boards, owners_too ? OWNERS_BOARDS : NULL, found->share, "boards") &&
                 fill_directories(found->routines, owners_too ? OWNERS_ROUTINES : NULL, found->share, "routines") &&
                 (found->pictures = text_of("%s/karani/pictures", found->share)) != NULL &&
                 (found->locale = text_of("%s/locale", found->share)) != NULL;
    if (!whole) {
        paths_free(found);
        return -ENOMEM;
    }
    *paths = found;
    return 0;
}

int paths_find(struct paths **paths, bool owners_too) {
    char program[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length < 0) {
        return -errno;
    }
    program[length] = '\0';
    return paths_find_beside(paths, program, owners_too);
}

void paths_free(struct paths *paths) {
    if (paths == NULL) {
        return;
    }
    for (size_t i = 0; i < PATHS_DIRECTORIES; i++) {
        free(paths->boards[i]);
        free(paths->routines[i]);
    }
    free(paths->share);
    free(paths->pictures);
    free(paths->locale);
    free(paths);
}

char *paths_routine(const struct paths *paths, const char *name) {
    char *path = NULL;
    for (char *const *directory = paths->routines; *directory != NULL; directory++) {
        free(path);
        path = text_of("%s/%s.routine", *directory, name);
        if (path == NULL || access(path, F_OK) == 0) {
            break;
        }
    }
    return path;
}

bool paths_have_font(const char *font_dir, char *sentence, size_t sentence_size) {
    char path[PATH_MAX];
    int length = snprintf(path, sizeof path, "%s/%s", font_dir, FONT_FILE);
    if (length > 0 && (size_t)length < sizeof path && access(path, R_OK) == 0) {
        return true;
    }
    snprintf(sentence, sentence_size, "The font B612 is missing (%s/%s): install the package fonts-b612.", font_dir,
             FONT_FILE);
    return false;
}

// Copies a zone's name if it fits and is one line of a plain relative path.
static bool take_zone(const char *text, char *name, size_t name_size) {
    size_t length = strcspn(text, " \t\r\n");
    if (length == 0 || length >= name_size || text[0] == '/') {
        return false;
    }
    memcpy(name, text, length);
    name[length] = '\0';
    return true;
}

static bool zone_from_link(const char *path, char *name, size_t name_size) {
    char target[PATH_MAX];
    ssize_t length = readlink(path, target, sizeof target - 1);
    if (length < 0) {
        return false;
    }
    target[length] = '\0';
    const char *found = strstr(target, ZONEINFO);
    return found != NULL && take_zone(found + strlen(ZONEINFO), name, name_size);
}

static bool zone_from_file(const char *path, char *name, size_t name_size) {
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return false;
    }
    char line[PATH_MAX];
    bool taken = fgets(line, sizeof line, file) != NULL && take_zone(line, name, name_size);
    fclose(file);
    return taken;
}

void paths_system_zone(const char *etc_dir, char *name, size_t name_size) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/localtime", etc_dir);
    if (zone_from_link(path, name, name_size)) {
        return;
    }
    snprintf(path, sizeof path, "%s/timezone", etc_dir);
    if (!zone_from_file(path, name, name_size)) {
        snprintf(name, name_size, "UTC");
    }
}
