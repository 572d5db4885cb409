// The diary from outside: opening and closing it, its health in words.
#include "daemon/diary/inside.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { STATE_DIR_MODE = 0700 };

// The directory without symbolic links on the way (SQLite is told to follow none, so that nobody puts another file in
// the diary's place); as given when it does not exist yet.
static char *resolve(const char *state_dir) {
    char path[PATH_MAX];
    return strdup(realpath(state_dir, path) != NULL ? path : state_dir);
}

static int diary_new(struct diary **made_diary, const char *state_dir, const char *vfs, bool for_reading) {
    struct diary *diary = calloc(1, sizeof *diary);
    if (diary == NULL) {
        return -ENOMEM;
    }
    diary_index_guard();
    diary->for_reading = for_reading;
    diary->patience = DIARY_PATIENCE;
    diary->state_dir = resolve(state_dir);
    diary->vfs = vfs == NULL ? NULL : strdup(vfs);
    bool made = diary->state_dir != NULL && (vfs == NULL || diary->vfs != NULL);
    if (made && asprintf(&diary->path, "%s/diary.db", diary->state_dir) < 0) {
        diary->path = NULL;
        made = false;
    }
    if (made && asprintf(&diary->mark, "%s-distrusted", diary->path) < 0) {
        diary->mark = NULL;
        made = false;
    }
    int error = !made ? -ENOMEM : strlen(diary->path) + DIARY_NAME_BESIDE_SIZE > DIARY_PATH_SIZE ? -ENAMETOOLONG : 0;
    if (error != 0) {
        diary_abandon(diary);
        return error;
    }
    *made_diary = diary;
    return 0;
}

static int tell(const struct diary *diary, int error, char *text, size_t text_size) {
    if (error != 0) {
        snprintf(text, text_size, "%s: %s", diary->path, diary_health_sentence(diary->health));
    }
    return error;
}

int diary_open(struct diary **diary, const char *state_dir, const char *vfs, char *sentence, size_t sentence_size) {
    int made = mkdir(state_dir, STATE_DIR_MODE) < 0 ? -errno : 0;
    struct diary *opened;
    int result = diary_new(&opened, state_dir, vfs, false);
    if (result != 0) {
        snprintf(sentence, sentence_size, "The state directory %.64s… cannot be used: %s.", state_dir,
                 strerror(-result));
        return result;
    }
    *diary = opened;
    if (made < 0 && made != -EEXIST) {
        snprintf(sentence, sentence_size, "The state directory %s cannot be made: %s.", state_dir, strerror(-made));
        opened->health = made == -ENOSPC ? DIARY_FULL : DIARY_READONLY;
        return made;
    }
    return tell(opened, diary_connect(opened), sentence, sentence_size);
}

int diary_open_read(struct diary **diary, const char *state_dir, char *sentence, size_t sentence_size) {
    struct diary *opened;
    int result = diary_new(&opened, state_dir, NULL, true);
    if (result != 0) {
        snprintf(sentence, sentence_size, "The diary in %.64s… cannot be read: %s.", state_dir, strerror(-result));
        return result;
    }
    result = diary_connect_read(opened);
    if (result == 0 || opened->health == DIARY_NEWER) {
        *diary = opened;
        return 0;
    }
    static const char *const WORDS[] = {
        [DIARY_READONLY] = "it may not be read by this user",
        [DIARY_DAMAGED] = "it is damaged or not one of Karani's; it is left as it is",
        [DIARY_BUSY] = "another program holds it; try again",
    };
    const char *words = (size_t)opened->health < sizeof WORDS / sizeof *WORDS ? WORDS[opened->health] : NULL;
    snprintf(sentence, sentence_size, "The diary %s cannot be read: %s.", opened->path,
             words != NULL ? words : strerror(-result));
    diary_abandon(opened);
    return result;
}

void diary_abandon(struct diary *diary) {
    if (diary == NULL) {
        return;
    }
    diary_disconnect(diary);
    diary_forget_waiting(diary);
    free(diary->mark);
    free(diary->path);
    free(diary->state_dir);
    free(diary->vfs);
    free(diary);
}

void diary_close(struct diary *diary) {
    if (diary == NULL) {
        return;
    }
    diary_try_waiting(diary);
    diary_forget_statements(diary);
    sqlite3_close(diary->db); // moves the WAL into the database, but not for a reader
    diary->db = NULL;
    diary_abandon(diary);
}

enum diary_health diary_health(const struct diary *diary) {
    return diary->health;
}
