// Watches a path by inotify: the deepest directory of it that exists is watched for the next part.
#include "daemon/linux/loop_inside.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

static const uint32_t gone = IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED | IN_UNMOUNT | IN_Q_OVERFLOW;

// Splits the path at its deepest directory that exists.
static void find_directory(const struct loop_path *path, char directory[LOOP_PATH_SIZE], char entry[LOOP_PATH_SIZE]) {
    size_t end = strlen(path->path);
    for (;;) {
        size_t slash = end - 1;
        while (path->path[slash] != '/') {
            slash--;
        }
        snprintf(directory, LOOP_PATH_SIZE, "%.*s", slash > 0 ? (int)slash : 1, path->path);
        snprintf(entry, LOOP_PATH_SIZE, "%.*s", (int)(end - slash - 1), path->path + slash + 1);
        if (slash == 0 || access(directory, F_OK) == 0) {
            return;
        }
        end = slash;
    }
}

static int hear_directory(sd_event_source *source, const struct inotify_event *event, void *context);

// Once more when a directory came between looking and watching.
static int watch_directory(struct loop_path *path) {
    char directory[LOOP_PATH_SIZE], entry[LOOP_PATH_SIZE];
    find_directory(path, directory, entry);
    int error = 0;
    while (error >= 0 && (path->source == NULL || strcmp(directory, path->directory) != 0)) {
        path->source = sd_event_source_disable_unref(path->source);
        memcpy(path->directory, directory, sizeof directory);
        memcpy(path->entry, entry, sizeof entry);
        error = sd_event_add_inotify(path->loop->event, &path->source, directory,
                                     IN_CREATE | IN_MOVED_TO | IN_DELETE | IN_MOVED_FROM | IN_DELETE_SELF |
                                         IN_MOVE_SELF | IN_ONLYDIR,
                                     hear_directory, path);
        if (error == -ENOENT) {
            error = 0; // it has gone again
        }
        find_directory(path, directory, entry);
    }
    return error < 0 ? error : 0;
}

static int hear_directory(sd_event_source *source, const struct inotify_event *event, void *context) {
    struct loop_path *path = context;
    (void)source;
    bool lost = (event->mask & gone) != 0;
    if (!lost && (event->len == 0 || strcmp(event->name, path->entry) != 0)) {
        return 0;
    }
    if (lost) {
        path->source = sd_event_source_disable_unref(path->source);
    }
    int error = watch_directory(path);
    return error < 0 ? error : loop_wake(path->loop, LOOP_CHANGE);
}

int loop_watch(struct loop *loop, const char *path) {
    for (int i = 0; i < loop->path_count; i++) {
        if (strcmp(loop->paths[i].path, path) == 0) {
            return 0;
        }
    }
    if (loop->path_count == LOOP_WATCHES_MAX) {
        return -ENOSPC;
    }
    if (path[0] != '/' || path[1] == '\0' || strlen(path) >= LOOP_PATH_SIZE) {
        return -EINVAL;
    }
    struct loop_path *watched = &loop->paths[loop->path_count];
    *watched = (struct loop_path){.loop = loop};
    snprintf(watched->path, sizeof watched->path, "%s", path);
    int error = watch_directory(watched);
    if (error == 0) {
        loop->path_count++;
    }
    return error;
}
