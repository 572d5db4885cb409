// Looks into the write-ahead log past the place where SQLite stops. The format: https://sqlite.org/fileformat.html,
// section 4.
//
// SQLite takes the first frame whose checksum is wrong for the end of the log: after a power cut it is. Every commit
// is synced before the next one begins, so that a cut can spoil the last one alone. Where two commits or more follow
// upon a frame that is wrong, the card has lost what it had been given: SQLite would drop acknowledged sessions without
// a word. The header is written anew, and synced, when the log starts over, which it does only after all that it held
// has been moved into the database: where the header is wrong, the database tells whether that was so.
//
// A frame's checksum goes on from the one before it, as stored there: so each can be verified by itself.
#include "daemon/diary/file.h"
#include "daemon/diary/inside.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum {
    HEADER_B = 32,
    FRAME_HEADER_B = 24,
    SALTS_B = 8,
    SUMS_B = 8,
    PAGE_MIN_B = 512,
    PAGE_MAX_B = 65536,
    COMMITS_AFTER_A_CUT = 1, // that a power cut can leave behind a wrong frame
    CHUNK_B = 64 * 1024,     // read at once, as whole frames; at least one
};

static const uint32_t magic = 0x377f0682; // the lowest bit: checksums read words big-endian

struct wal {
    const char *vfs;
    const char *path;
    int64_t size_b;
    int64_t page_b;
    bool big_endian;
    bool header_good;
    unsigned char header[HEADER_B];
    unsigned char salts[SALTS_B];
    unsigned char *chunk;       // frames, owned
    int chunk_frames;           // how many fit
    int64_t chunk_first;        // the number of the first of them; −1: none has been read
    const unsigned char *frame; // the one that is looked at, in the chunk
    unsigned char sums[SUMS_B]; // as stored in front of it
};

static uint32_t word_at(const unsigned char *bytes, bool big_endian) {
    return big_endian ? (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3]
                      : (uint32_t)bytes[3] << 24 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[1] << 8 | bytes[0];
}

static void add_to_sums(const struct wal *wal, const unsigned char *bytes, int64_t count, uint32_t sums[2]) {
    for (int64_t at = 0; at < count; at += 8) {
        sums[0] += word_at(bytes + at, wal->big_endian) + sums[1];
        sums[1] += word_at(bytes + at + 4, wal->big_endian) + sums[0];
    }
}

static bool sums_are(const uint32_t sums[2], const unsigned char *stored) {
    return sums[0] == word_at(stored, true) && sums[1] == word_at(stored + 4, true);
}

static bool is_page_size(int64_t size) {
    return size >= PAGE_MIN_B && size <= PAGE_MAX_B && (size & (size - 1)) == 0;
}

static int frame_size(const struct wal *wal) {
    return (int)(FRAME_HEADER_B + wal->page_b);
}

// Without a header that is good, the page size is the database's, the salts those of the first frame.
static int open_wal(struct wal *wal, const char *vfs, const char *path, int64_t page_b) {
    *wal = (struct wal){.vfs = vfs, .path = path};
    int result = diary_file_size(vfs, path, &wal->size_b);
    if (result == SQLITE_OK && wal->size_b > HEADER_B) {
        result = diary_file_read(vfs, path, wal->header, HEADER_B, 0);
    }
    if (result != SQLITE_OK) {
        return result;
    }
    uint32_t sums[2] = {0, 0};
    wal->big_endian = (word_at(wal->header, true) & 1) != 0;
    wal->page_b = word_at(wal->header + 8, true);
    add_to_sums(wal, wal->header, HEADER_B - SUMS_B, sums);
    wal->header_good = (word_at(wal->header, true) & ~UINT32_C(1)) == magic && is_page_size(wal->page_b) &&
                       sums_are(sums, wal->header + HEADER_B - SUMS_B);
    if (wal->header_good) {
        memcpy(wal->salts, wal->header + 16, SALTS_B);
    } else {
        wal->page_b = is_page_size(page_b) ? page_b : DIARY_PAGE_B;
        result = diary_file_read(vfs, path, wal->salts, SALTS_B, HEADER_B + 8);
        // The order of the words is the machine's that wrote it: this one's.
        wal->big_endian = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;
    }
    memcpy(wal->sums, wal->header + HEADER_B - SUMS_B, SUMS_B);
    if (result != SQLITE_OK) {
        return result;
    }
    wal->chunk_frames = frame_size(wal) < CHUNK_B ? CHUNK_B / frame_size(wal) : 1;
    wal->chunk_first = -1;
    wal->chunk = malloc((size_t)wal->chunk_frames * (size_t)frame_size(wal));
    return wal->chunk == NULL ? SQLITE_NOMEM : SQLITE_OK;
}

static int64_t count_frames(const struct wal *wal) {
    return wal->size_b <= HEADER_B ? 0 : (wal->size_b - HEADER_B) / frame_size(wal);
}

static int read_frames(const struct wal *wal, unsigned char *bytes, int64_t first, int count) {
    return diary_file_read(wal->vfs, wal->path, bytes, count * frame_size(wal), HEADER_B + first * frame_size(wal));
}

// Frame by frame where they cannot be read together; zeros for those that the card does not give.
static int read_around_holes(const struct wal *wal, int64_t first) {
    for (int i = 0; i < wal->chunk_frames; i++) {
        unsigned char *frame = wal->chunk + (ptrdiff_t)i * frame_size(wal);
        int result = read_frames(wal, frame, first + i, 1);
        if (diary_file_is_short_of_memory(result)) {
            return result;
        }
        if (result != SQLITE_OK) {
            memset(frame, 0, (size_t)frame_size(wal));
        }
    }
    return SQLITE_OK;
}

static int go_to_frame(struct wal *wal, int64_t number) {
    int64_t first = number - number % wal->chunk_frames;
    if (first != wal->chunk_first) {
        int result = read_frames(wal, wal->chunk, first, wal->chunk_frames);
        if (result != SQLITE_OK && !diary_file_is_short_of_memory(result)) {
            result = read_around_holes(wal, first);
        }
        if (result != SQLITE_OK) {
            return result;
        }
        wal->chunk_first = first;
    }
    wal->frame = wal->chunk + (number - first) * frame_size(wal);
    return SQLITE_OK;
}

enum frame { FRAME_FOREIGN, FRAME_WRONG, FRAME_GOOD };

// FOREIGN: of an earlier use of the file, or nothing at all.
static int look_at_frame(struct wal *wal, int64_t number, enum frame *frame) {
    int result = go_to_frame(wal, number);
    if (result != SQLITE_OK) {
        return result;
    }
    uint32_t sums[2] = {word_at(wal->sums, true), word_at(wal->sums + 4, true)};
    add_to_sums(wal, wal->frame, 8, sums);
    add_to_sums(wal, wal->frame + FRAME_HEADER_B, wal->page_b, sums);
    bool ours = memcmp(wal->frame + 8, wal->salts, SALTS_B) == 0;
    bool good = ours && word_at(wal->frame, true) != 0 && sums_are(sums, wal->frame + 16);
    memcpy(wal->sums, wal->frame + 16, SUMS_B);
    *frame = good ? FRAME_GOOD : ours ? FRAME_WRONG : FRAME_FOREIGN;
    return SQLITE_OK;
}

static bool is_commit(const struct wal *wal) {
    return word_at(wal->frame + 4, true) != 0;
}

static bool database_has_frame(const struct wal *wal, const char *database, unsigned char *page) {
    int64_t at = ((int64_t)word_at(wal->frame, true) - 1) * wal->page_b;
    return diary_file_read(wal->vfs, database, page, (int)wal->page_b, at) == SQLITE_OK &&
           memcmp(page, wal->frame + FRAME_HEADER_B, (size_t)wal->page_b) == 0;
}

// Whether the database has the newest image of each page that the log has up to its last commit. From there backwards:
// a page that was seen before is an older image. `seen` has a bit for each page.
static int look_whether_moved(struct wal *wal, const char *database, int64_t last_commit, bool *moved) {
    enum { SEEN_PAGES_MAX = 1 << 20 }; // half a gigabyte: no diary
    unsigned char *seen = calloc(SEEN_PAGES_MAX / 8, 1);
    unsigned char *page = malloc((size_t)wal->page_b);
    int result = seen == NULL || page == NULL ? SQLITE_NOMEM : SQLITE_OK;
    bool has = true;
    for (int64_t n = last_commit; result == SQLITE_OK && has && n >= 0; n--) {
        result = go_to_frame(wal, n);
        uint32_t number = result == SQLITE_OK ? word_at(wal->frame, true) : 0;
        bool ours = result == SQLITE_OK && memcmp(wal->frame + 8, wal->salts, SALTS_B) == 0;
        if (!ours || number == 0) {
            continue;
        }
        unsigned char bit = (unsigned char)(1U << number % 8);
        has = number < SEEN_PAGES_MAX && ((seen[number / 8] & bit) != 0 || database_has_frame(wal, database, page));
        seen[number / 8 % (SEEN_PAGES_MAX / 8)] |= bit;
    }
    free(seen);
    free(page);
    *moved = has;
    return result;
}

int diary_wal_look(const char *vfs, const char *path, int64_t page_b, const char *database,
                   struct diary_wal_look *look) {
    struct wal wal;
    int result = open_wal(&wal, vfs, path, page_b);
    bool broken = !wal.header_good;
    int64_t commits = 0; // behind the break
    int64_t last_commit = -1;
    struct diary_wal_look seen = {.damaged = false};
    bool first_page = false;
    for (int64_t n = 0; result == SQLITE_OK && n < count_frames(&wal); n++) {
        enum frame frame = FRAME_FOREIGN;
        result = look_at_frame(&wal, n, &frame);
        if (result != SQLITE_OK) {
            break;
        }
        broken = broken || frame != FRAME_GOOD;
        if (broken && frame == FRAME_GOOD && is_commit(&wal)) {
            commits++;
            last_commit = n;
        }
        first_page = first_page || word_at(wal.frame, true) == 1;
        seen.holds_first_page = seen.holds_first_page || (first_page && !broken && is_commit(&wal));
    }
    bool moved = false;
    if (result == SQLITE_OK && !wal.header_good && commits > 0) {
        result = look_whether_moved(&wal, database, last_commit, &moved);
    }
    free(wal.chunk);
    if (result == SQLITE_OK) {
        seen.damaged = wal.header_good ? commits > COMMITS_AFTER_A_CUT : commits > 0 && !moved;
        *look = seen;
    }
    return result;
}

// In their order, so that the newest image of each page stays. Where the log is sound this is what a checkpoint does.
int diary_wal_put_into(const char *vfs, const char *path, int64_t page_b, const char *database) {
    struct wal wal;
    int result = open_wal(&wal, vfs, path, page_b);
    for (int64_t n = 0; result == SQLITE_OK && n < count_frames(&wal); n++) {
        enum frame frame = FRAME_FOREIGN;
        result = look_at_frame(&wal, n, &frame);
        if (result == SQLITE_OK && frame == FRAME_GOOD && wal.page_b == page_b) {
            int64_t at = ((int64_t)word_at(wal.frame, true) - 1) * page_b;
            result = diary_file_write(vfs, database, wal.frame + FRAME_HEADER_B, (int)page_b, at);
        }
    }
    free(wal.chunk);
    return result;
}
