// The diary from outside: opening and closing it, its health in words, the rows that wait in memory.
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

// The one that waited longest.
static void drop_waiting_change(struct diary *diary) {
    free(diary->changes[0].what);
    free(diary->changes[0].before);
    free(diary->changes[0].after);
    diary->change_count--;
    memmove(&diary->changes[0], &diary->changes[1], diary->change_count * sizeof diary->changes[0]);
}

static void forget_waiting(struct diary *diary) {
    for (size_t i = 0; i < diary->pending_count; i++) {
        free(diary->pending[i].note);
    }
    diary->pending_count = 0;
    while (diary->change_count > 0) {
        drop_waiting_change(diary);
    }
}

void diary_abandon(struct diary *diary) {
    if (diary == NULL) {
        return;
    }
    diary_disconnect(diary);
    forget_waiting(diary);
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
    diary_retry(diary);
    diary_forget_statements(diary);
    sqlite3_close(diary->db); // moves the WAL into the database, but not for a reader
    diary->db = NULL;
    diary_abandon(diary);
}

enum diary_health diary_health(const struct diary *diary) {
    return diary->health;
}

size_t diary_pending(const struct diary *diary) {
    // A change waits with its rows, where it has any.
    return diary->pending_count > 0 ? diary->pending_count : diary->change_count;
}

int diary_retry(struct diary *diary) {
    if (diary->pending_count == 0 && diary->change_count == 0) {
        return 0;
    }
    int error = diary_write_waiting(diary, NULL);
    if (error == 0) {
        forget_waiting(diary);
    }
    return error;
}

static void drop_waiting(struct diary *diary, size_t index) {
    free(diary->pending[index].note);
    diary->pending_count--;
    memmove(&diary->pending[index], &diary->pending[index + 1],
            (diary->pending_count - index) * sizeof diary->pending[0]);
}

// The newest state of each uuid waits, at the place that its first one took; when the room is used up, the row that
// waited longest is given up.
static int keep_waiting(struct diary *diary, const struct session_record *session) {
    char *note = session->note == NULL ? NULL : strdup(session->note);
    if (session->note != NULL && note == NULL) {
        return -ENOMEM;
    }
    size_t at = 0;
    while (at < diary->pending_count && strcmp(diary->pending[at].uuid, session->uuid) != 0) {
        at++;
    }
    if (at == DIARY_PENDING_MAX) {
        drop_waiting(diary, 0);
        at--;
    }
    if (at == diary->pending_count) {
        diary->pending_count++;
    } else {
        free(diary->pending[at].note);
    }
    diary->pending[at] = *session;
    diary->pending[at].note = note;
    return 0;
}

int diary_save(struct diary *diary, const struct session_record *session) {
    int error = diary_write_waiting(diary, session);
    if (error == 0) {
        forget_waiting(diary);
        return 0;
    }
    int kept = keep_waiting(diary, session);
    return kept < 0 ? kept : error;
}

static bool copy_text(const char *text, char **copy) {
    *copy = text == NULL ? NULL : strdup(text);
    return text == NULL || *copy != NULL;
}

static int keep_change_waiting(struct diary *diary, const struct diary_change *change) {
    if (diary->change_count == DIARY_PENDING_MAX) {
        drop_waiting_change(diary);
    }
    struct diary_waiting_change *waiting = &diary->changes[diary->change_count++];
    *waiting = (struct diary_waiting_change){.at_utc_s = change->at_utc_s};
    if (copy_text(change->what, &waiting->what) && copy_text(change->before, &waiting->before) &&
        copy_text(change->after, &waiting->after)) {
        return 0;
    }
    free(waiting->what);
    free(waiting->before);
    free(waiting->after);
    diary->change_count--;
    return -ENOMEM;
}

int diary_correct_later(struct diary *diary, const struct session_record *sessions, size_t count,
                        const struct diary_change *change) {
    int error = keep_change_waiting(diary, change);
    for (size_t i = 0; i < count; i++) {
        int kept = keep_waiting(diary, &sessions[i]);
        error = error == 0 ? kept : error;
    }
    return error;
}
