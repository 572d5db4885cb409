// The disk after a power cut: playing the log, and making one of the states that may be left.
#include "tests/powercut/disk.h"

#include "tests/powercut/seen.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SECTOR = 512, NAMES_MAX = 32 };

struct content {
    unsigned char *bytes;
    size_t size;
    size_t room;
};

// Rows of the log that are not durable yet.
struct doubt {
    size_t *ops;
    size_t count;
    size_t room;
};

struct file {
    struct content durable;
    struct doubt doubt;
};

struct name {
    char name[LOG_NAME_SIZE];
    int file;
};

struct directory {
    struct name names[NAMES_MAX];
    size_t count;
};

struct disk {
    const struct log *log;
    bool whole_sectors;
    size_t at; // the next operation
    struct file *files;
    size_t file_count;
    size_t file_room;
    struct directory durable;
    struct doubt names;                 // in doubt
    size_t in_doubt;                    // operations, of data and of names
    struct directory state;             // the one that was made last
    struct content contents[NAMES_MAX]; // of its files
};

// What becomes of a write in doubt.
enum fate { FATE_KEPT, FATE_DROPPED, FATE_TORN, FATE_GARBAGE, FATE_COUNT };

// How often each fate comes, by the temper of a seed.
static const unsigned char TEMPERS[][FATE_COUNT] = {{1, 1, 0, 0}, {1, 1, 2, 0}, {1, 1, 1, 1}, {2, 0, 1, 1}};
enum { TEMPER_COUNT = sizeof TEMPERS / sizeof *TEMPERS, EXTREMES = 4 };

// splitmix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators" (2014).
static uint64_t next_random(uint64_t *state) {
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static void set_size(struct content *content, size_t size) {
    if (size > content->room) {
        void *bytes = realloc(content->bytes, size + size / 2);
        if (bytes == NULL) {
            perror("powercut");
            exit(2);
        }
        content->bytes = bytes;
        content->room = size + size / 2;
    }
    if (size > content->size) {
        memset(content->bytes + content->size, 0, size - content->size);
    }
    content->size = size;
}

static void put(struct content *content, size_t at, const unsigned char *bytes, size_t size) {
    if (content->size < at + size) {
        set_size(content, at + size);
    }
    if (size > 0) { // a file that has nothing yet has no bytes either
        memcpy(content->bytes + at, bytes, size);
    }
}

static void apply(struct content *content, const struct op *op) {
    if (op->kind == OP_TRUNCATE) {
        set_size(content, (size_t)op->offset);
    } else {
        put(content, (size_t)op->offset, op->bytes, op->size);
    }
}

static void rename_in(struct directory *directory, const char *from, const char *to) {
    size_t kept = 0;
    for (size_t i = 0; i < directory->count; i++) {
        struct name name = directory->names[i];
        if (strcmp(name.name, to) == 0) {
            continue; // its place is taken
        }
        if (strcmp(name.name, from) == 0) {
            snprintf(name.name, sizeof name.name, "%s", to);
        }
        if (name.name[0] != '\0') {
            directory->names[kept++] = name;
        }
    }
    directory->count = kept;
}

static void apply_name(struct directory *directory, const struct op *op) {
    if (op->kind != OP_CREATE) {
        rename_in(directory, op->name, op->to); // deleted: to no name
        return;
    }
    if (directory->count == NAMES_MAX) {
        fprintf(stderr, "powercut: more than %d files in a directory\n", NAMES_MAX);
        exit(2);
    }
    struct name *name = &directory->names[directory->count++];
    snprintf(name->name, sizeof name->name, "%s", op->name);
    name->file = op->file;
}

static struct file *file_at(struct disk *disk, int number) {
    while (disk->file_count <= (size_t)number) {
        disk->files = log_grow(disk->files, disk->file_count, &disk->file_room, sizeof *disk->files);
        disk->files[disk->file_count++] = (struct file){.durable = {.bytes = NULL}};
    }
    return &disk->files[number];
}

static void doubt_add(struct disk *disk, struct doubt *doubt) {
    doubt->ops = log_grow(doubt->ops, doubt->count, &doubt->room, sizeof *doubt->ops);
    doubt->ops[doubt->count++] = disk->at;
    disk->in_doubt++;
}

static void settle_file(struct disk *disk, struct file *file) {
    for (size_t i = 0; i < file->doubt.count; i++) {
        apply(&file->durable, &disk->log->ops[file->doubt.ops[i]]);
    }
    disk->in_doubt -= file->doubt.count;
    file->doubt.count = 0;
}

static bool has_name(const struct directory *directory, int file) {
    for (size_t i = 0; i < directory->count; i++) {
        if (directory->names[i].file == file) {
            return true;
        }
    }
    return false;
}

static void settle_names(struct disk *disk) {
    for (size_t i = 0; i < disk->names.count; i++) {
        apply_name(&disk->durable, &disk->log->ops[disk->names.ops[i]]);
    }
    disk->in_doubt -= disk->names.count;
    disk->names.count = 0;
    for (size_t i = 0; i < disk->file_count; i++) {
        if (!has_name(&disk->durable, (int)i)) { // gone for good
            disk->in_doubt -= disk->files[i].doubt.count;
            disk->files[i].doubt.count = 0;
        }
    }
}

void disk_step(struct disk *disk) {
    const struct op *op = &disk->log->ops[disk->at];
    switch (op->kind) {
    case OP_CREATE:
        file_at(disk, op->file);
        doubt_add(disk, &disk->names);
        break;
    case OP_DELETE:
    case OP_RENAME:
        doubt_add(disk, &disk->names);
        break;
    case OP_WRITE:
    case OP_TRUNCATE:
        doubt_add(disk, &file_at(disk, op->file)->doubt);
        break;
    case OP_SYNC:
        settle_file(disk, file_at(disk, op->file));
        break;
    case OP_SYNC_DIRECTORY:
        settle_names(disk);
        break;
    case OP_ACKNOWLEDGE:
        break;
    }
    disk->at++;
}

bool disk_is_in_doubt(const struct disk *disk) {
    return disk->in_doubt > 0;
}

static enum fate draw_fate(uint64_t seed, uint64_t *random) {
    if (seed < EXTREMES) {
        return seed % 2 == 1 ? FATE_KEPT : FATE_DROPPED;
    }
    const unsigned char *temper = TEMPERS[seed % TEMPER_COUNT];
    unsigned sum = 0;
    for (int fate = 0; fate < FATE_COUNT; fate++) {
        sum += temper[fate];
    }
    unsigned drawn = (unsigned)(next_random(random) % sum);
    int fate = 0;
    while (drawn >= temper[fate]) {
        drawn -= temper[fate++];
    }
    return (enum fate)fate;
}

// Some of its sectors are there, the others are not.
static void tear(struct content *content, const struct op *op, uint64_t *random) {
    size_t at = (size_t)op->offset, end = at + op->size;
    while (at < end) {
        size_t until = (at / SECTOR + 1) * SECTOR;
        until = until < end ? until : end;
        if (next_random(random) % 2 == 0) {
            put(content, at, op->bytes + (at - (size_t)op->offset), until - at);
        }
        at = until;
    }
}

static void spoil(const struct disk *disk, struct content *content, const struct op *op, uint64_t *random) {
    size_t at = (size_t)op->offset, end = at + op->size;
    if (disk->whole_sectors) {
        at = at / SECTOR * SECTOR;
        end = (end + SECTOR - 1) / SECTOR * SECTOR;
    }
    while (at < end) {
        const uint64_t bytes = next_random(random);
        size_t size = end - at < sizeof bytes ? end - at : sizeof bytes;
        put(content, at, (const unsigned char *)&bytes, size);
        at += size;
    }
}

static void put_in_doubt(const struct disk *disk, struct content *content, const struct op *op, uint64_t seed,
                         uint64_t *random) {
    enum fate fate = draw_fate(seed, random);
    if (fate == FATE_KEPT || (fate != FATE_DROPPED && op->kind == OP_TRUNCATE)) { // a size cannot be torn
        apply(content, op);
    } else if (fate == FATE_TORN) {
        tear(content, op, random);
    } else if (fate == FATE_GARBAGE) {
        spoil(disk, content, op, random);
    }
}

// What is behind the last byte that is not zero is left to be a hole.
static void write_file(const char *directory, const char *name, const struct content *content) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    char *slash = strchr(path + strlen(directory) + 1, '/');
    if (slash != NULL) {
        *slash = '\0';
        mkdir(path, 0700);
        *slash = '/';
    }
    size_t filled = content->size;
    while (filled > 0 && content->bytes[filled - 1] == 0) {
        filled--;
    }
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, content->bytes, filled) != (ssize_t)filled || ftruncate(fd, (off_t)content->size) < 0) {
        perror(path);
        exit(2);
    }
    close(fd);
}

static void empty(const char *path) {
    DIR *listing = opendir(path);
    struct dirent *entry;
    while (listing != NULL && (entry = readdir(listing)) != NULL) {
        char below[PATH_MAX];
        snprintf(below, sizeof below, "%s/%s", path, entry->d_name);
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) {
            continue;
        }
        if (unlink(below) < 0) {
            empty(below);
            rmdir(below);
        }
    }
    if (listing != NULL) {
        closedir(listing);
    }
}

static void make_content(const struct disk *disk, const struct file *file, uint64_t seed, uint64_t *random,
                         struct content *content) {
    set_size(content, 0);
    put(content, 0, file->durable.bytes, file->durable.size);
    for (size_t i = 0; i < file->doubt.count; i++) {
        put_in_doubt(disk, content, &disk->log->ops[file->doubt.ops[i]], seed, random);
    }
}

uint64_t disk_make_state(struct disk *disk, uint64_t seed) {
    uint64_t random = seed * UINT64_C(0x2545f4914f6cdd1d) + disk->at, key = 0;
    size_t surviving = (size_t)(next_random(&random) % (disk->names.count + 1));
    if (seed < EXTREMES) {
        surviving = seed == 1 || seed == 2 ? disk->names.count : 0;
    }
    disk->state = disk->durable;
    for (size_t i = 0; i < surviving; i++) {
        apply_name(&disk->state, &disk->log->ops[disk->names.ops[i]]);
    }
    for (size_t i = 0; i < disk->state.count; i++) {
        const struct name *name = &disk->state.names[i];
        struct content *content = &disk->contents[i];
        make_content(disk, &disk->files[name->file], seed, &random, content);
        key = seen_mix(key, name->name, strlen(name->name));
        key = seen_mix(key, content->bytes, content->size);
    }
    return key;
}

void disk_write_state(const struct disk *disk, const char *directory) {
    empty(directory);
    for (size_t i = 0; i < disk->state.count; i++) {
        write_file(directory, disk->state.names[i].name, &disk->contents[i]);
    }
}

void disk_print(const struct disk *disk) {
    printf("%zu operations are done; of these are in doubt:\n", disk->at);
    for (size_t i = 0; i < disk->names.count; i++) {
        log_print(&disk->log->ops[disk->names.ops[i]]);
    }
    for (size_t i = 0; i < disk->file_count; i++) {
        for (size_t j = 0; j < disk->files[i].doubt.count; j++) {
            log_print(&disk->log->ops[disk->files[i].doubt.ops[j]]);
        }
    }
}

struct disk *disk_new(const struct log *log, bool whole_sectors) {
    struct disk *disk = log_allocate(sizeof *disk);
    disk->log = log;
    disk->whole_sectors = whole_sectors;
    return disk;
}

void disk_free(struct disk *disk) {
    if (disk == NULL) {
        return;
    }
    for (size_t i = 0; i < disk->file_count; i++) {
        free(disk->files[i].durable.bytes);
        free(disk->files[i].doubt.ops);
    }
    for (size_t i = 0; i < NAMES_MAX; i++) {
        free(disk->contents[i].bytes);
    }
    free(disk->files);
    free(disk->names.ops);
    free(disk);
}
