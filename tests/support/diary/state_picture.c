#include "tests/support/diary/state_picture.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

void write_file(const struct desk *desk, const char *name, const void *bytes, size_t size) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", desk->state, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, size), (ssize_t)size);
    close(fd);
}

struct picture *look(const struct desk *desk) {
    struct picture *picture = calloc(1, sizeof *picture);
    assert_non_null(picture);
    struct stat status;
    assert_int_equal(stat(desk->state, &status), 0);
    picture->changed = status.st_mtim;
    static const char *const NAMES[] = {"diary.db", "diary.db-wal", "diary.db-shm", "diary.db-journal"};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        char path[PATH_MAX];
        snprintf(path, sizeof path, "%s/%s", desk->state, NAMES[i]);
        if (stat(path, &status) == 0) {
            int at = picture->count++;
            snprintf(picture->files[at].name, sizeof picture->files[at].name, "%s", NAMES[i]);
            picture->files[at].changed = status.st_mtim;
            picture->files[at].size =
                read_file(desk, NAMES[i], picture->files[at].bytes, sizeof picture->files[at].bytes);
        }
    }
    return picture;
}

void assert_untouched(const struct desk *desk, struct picture *before) {
    struct picture *after = look(desk);
    assert_memory_equal(before, after, sizeof *before);
    free(before);
    free(after);
}

int read_count(const struct desk *desk) {
    struct diary *diary;
    char sentence[256] = "";
    int result = diary_open_read(&diary, desk->state, sentence, sizeof sentence);
    if (result < 0) {
        assert_non_null(strstr(sentence, "diary.db"));
        return result;
    }
    assert_string_equal(sentence, "");
    struct rows rows = {.count = 0};
    result = diary_each_session(diary, take_row, &rows);
    if (result < 0) { // damage is met where it lies
        diary_close(diary);
        return result;
    }
    int count = rows.count;
    char *value = NULL;
    assert_int_equal(diary_get(diary, "minutes", &value), 0);
    free(value);
    struct session_record session = evening(70);
    assert_int_equal(diary_save(diary, &session), -EROFS); // a reader does not write
    diary_close(diary);
    return count;
}
