// Looks into the write-ahead log past the place where SQLite stops. The format: https://sqlite.org/fileformat.html,
// section 4.
//
// SQLite takes the first frame whose checksum is wrong for the end of the log: after a power cut it is. Every commit
// is synced before the next one begins, so that a cut can spoil the last one alone. Where two commits or more follow
// upon a frame that is wrong, or any upon a header that is (it is synced before the first frame is written), the card
// has lost what it had been given: SQLite would drop acknowledged sessions without a word.
//
// A frame's checksum goes on from the one before it, as stored there: so each can be verified by itself.
#include "daemon/diary_file.h"
#include "daemon/diary_inside.h"

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
    unsigned char *frame;       // owned
    unsigned char sums[SUMS_B]; // as stored in front of the frame that is looked at
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
    wal->frame = result == SQLITE_OK ? malloc((size_t)(FRAME_HEADER_B + wal->page_b)) : NULL;
    return result == SQLITE_OK && wal->frame == NULL ? SQLITE_NOMEM : result;
}

static int64_t count_frames(const struct wal *wal) {
    return wal->size_b <= HEADER_B ? 0 : (wal->size_b - HEADER_B) / (FRAME_HEADER_B + wal->page_b);
}

enum frame { FRAME_FOREIGN, FRAME_WRONG, FRAME_GOOD };

// FOREIGN: of an earlier use of the file, or nothing at all.
static int look_at_frame(struct wal *wal, int64_t number, enum frame *frame) {
    int size = (int)(FRAME_HEADER_B + wal->page_b);
    int result = diary_file_read(wal->vfs, wal->path, wal->frame, size, HEADER_B + number * size);
    if (result != SQLITE_OK && result != SQLITE_NOMEM) {
        memset(wal->frame, 0, (size_t)size); // the card does not give it
    } else if (result != SQLITE_OK) {
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

int diary_wal_look(const char *vfs, const char *path, int64_t page_b, struct diary_wal_look *look) {
    struct wal wal;
    int result = open_wal(&wal, vfs, path, page_b);
    bool broken = !wal.header_good;
    int64_t commits = 0; // behind the break
    struct diary_wal_look seen = {.damaged = false};
    bool first_page = false;
    for (int64_t n = 0; result == SQLITE_OK && n < count_frames(&wal); n++) {
        enum frame frame = FRAME_FOREIGN;
        result = look_at_frame(&wal, n, &frame);
        broken = broken || frame != FRAME_GOOD;
        commits += broken && frame == FRAME_GOOD && is_commit(&wal);
        first_page = first_page || word_at(wal.frame, true) == 1;
        seen.holds_first_page = seen.holds_first_page || (first_page && !broken && is_commit(&wal));
    }
    free(wal.frame);
    if (result == SQLITE_OK) {
        seen.damaged = commits > (wal.header_good ? COMMITS_AFTER_A_CUT : 0);
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
    free(wal.frame);
    return result;
}
