// Writes the first inputs of the diary's fuzzing target: good diaries of one and of twenty evenings, closed and as a
// crash leaves them. Usage: diary_seeds DIRECTORY
#include "tests/fuzz/diary_files.h"

static size_t read_file(int dir, const char *name, uint8_t *bytes, size_t room) {
    int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
    ssize_t size = fd < 0 ? 0 : read(fd, bytes, room);
    if (fd >= 0) {
        close(fd);
    }
    return size < 0 ? 0 : (size_t)size;
}

// As an input: the database's length, the database, the log.
static void write_seed(const char *to, int dir) {
    static uint8_t bytes[4 * DIARY_FILES_MAX];
    size_t database = read_file(dir, "diary.db", bytes + DIARY_FILES_HEAD, DIARY_FILES_MAX);
    size_t size = DIARY_FILES_HEAD + database;
    for (int i = 0; i < DIARY_FILES_HEAD; i++) {
        bytes[i] = (uint8_t)(' ' + (database >> 6 * (DIARY_FILES_HEAD - 1 - i) & 63));
    }
    size += read_file(dir, "diary.db-wal", bytes + size, DIARY_FILES_MAX);
    FILE *file = fopen(to, "we");
    if (file == NULL || fwrite(bytes, 1, size, file) != size || fclose(file) != 0) {
        abort();
    }
}

int main(int count, char **arguments) {
    if (count != 2) {
        return EXIT_FAILURE;
    }
    for (int kind = 0; kind < 4; kind++) {
        struct diary *diary = NULL;
        char sentence[512], path[512];
        int dir = diary_files_open();
        if (diary_open(&diary, input_dir(), NULL, sentence, sizeof sentence) != 0) {
            return EXIT_FAILURE;
        }
        for (int i = 0; i < (kind < 2 ? 1 : 20); i++) {
            struct session_record session = diary_files_session(i);
            if (diary_save(diary, &session) != 0 || diary_set_away(diary, 20600 + i, true, 0) != 0) {
                return EXIT_FAILURE;
            }
        }
        if (kind % 2 == 0) {
            diary_close(diary);
        }
        snprintf(path, sizeof path, "%s/%s-%s", arguments[1], kind < 2 ? "one" : "twenty",
                 kind % 2 == 0 ? "closed" : "left");
        write_seed(path, dir);
        if (kind % 2 != 0) {
            diary_close(diary);
        }
        close(dir);
    }
    close(diary_files_open()); // which empties it
    return rmdir(input_dir()) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
