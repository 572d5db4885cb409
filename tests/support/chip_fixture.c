#include "tests/support/chip_fixture.h"

const struct panel_row row_213 = {ROW_213, .turn = FRAME_TURN_90, .source_range = 0x80};

static int64_t desk_now_ms(void *context) {
    return ((struct desk *)context)->now_ms;
}

void desk_open_with(struct desk *desk, struct chip_setup setup) {
    desk->now_ms = 1000;
    desk->busy_level = !setup.row->controller || setup.row->controller->busy_level;
    setup.now_ms = desk_now_ms;
    setup.context = desk;
    desk->chip = chip_new(&setup);
    assert_non_null(desk->chip);
    chip_set_power(desk->chip, true);
    desk->now_ms += 10;
}

void desk_open(struct desk *desk, const struct panel_row *row) {
    desk_open_with(desk, (struct chip_setup){.row = row});
}

void desk_close(struct desk *desk) {
    chip_free(desk->chip);
}

bool desk_busy(struct desk *desk) {
    struct wire *wire = chip_wire(desk->chip);
    bool high = false;
    assert_int_equal(wire->ops->busy(wire, &high), 0);
    return high == desk->busy_level;
}

void desk_wait_idle(struct desk *desk) {
    int64_t deadline_ms = desk->now_ms + 60000;
    while (desk_busy(desk) && desk->now_ms < deadline_ms) {
        int64_t edge_ms = chip_next_edge_ms(desk->chip);
        desk->now_ms = edge_ms < deadline_ms ? edge_ms : deadline_ms;
    }
}

void desk_send(struct desk *desk, const uint8_t *bytes, size_t count) {
    struct wire *wire = chip_wire(desk->chip);
    if (count > 0) {
        assert_int_equal(wire->ops->data(wire, bytes, count), 0);
    }
}

static void desk_repeat(struct desk *desk, uint8_t byte, size_t count) {
    struct wire *wire = chip_wire(desk->chip);
    uint8_t message[4096];
    memset(message, byte, sizeof message);
    for (size_t part; count > 0; count -= part) {
        part = count < wire->max_message ? count : wire->max_message;
        desk_send(desk, message, part);
    }
}

// One word that is not data.
static void desk_do(struct desk *desk, const char *word) {
    struct wire *wire = chip_wire(desk->chip);
    if (word[0] == ':') {
        assert_int_equal(wire->ops->command(wire, (uint8_t)strtoul(word + 1, NULL, 16)), 0);
    } else if (word[0] == '~') {
        desk->now_ms += strtoll(word + 1, NULL, 10);
    } else if (word[0] == '?') {
        desk_wait_idle(desk);
    } else if (word[0] == 'R') {
        assert_int_equal(wire->ops->reset(wire, word[1] == '-'), 0);
    } else if (word[0] == 'P') {
        assert_int_equal(wire->ops->power(wire, word[1] == '+'), 0);
    } else {
        fail_msg("no such word in a transcript: %s", word);
    }
}

void desk_run(struct desk *desk, const char *transcript) {
    char *words = strdup(transcript);
    assert_non_null(words);
    uint8_t message[64];
    size_t count = 0;
    char *rest = NULL;
    for (char *word = strtok_r(words, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        char *end = NULL;
        unsigned long byte = strtoul(word, &end, 16);
        bool is_data = end == word + 2;
        if (is_data && *end == '\0') {
            assert_true(count < sizeof message);
            message[count++] = (uint8_t)byte;
            continue;
        }
        desk_send(desk, message, count);
        count = 0;
        if (is_data && *end == '*') {
            desk_repeat(desk, (uint8_t)byte, strtoul(end + 1, NULL, 10));
        } else {
            desk_do(desk, word);
        }
    }
    desk_send(desk, message, count);
    free(words);
}

void desk_expect_no_violation(struct desk *desk) {
    chip_watch(desk->chip);
    if (chip_violation(desk->chip)) {
        fail_msg("%s: %s", chip_violation(desk->chip), chip_violation_detail(desk->chip));
    }
}

void desk_expect_violation(struct desk *desk, const char *name) {
    chip_watch(desk->chip);
    assert_non_null(chip_violation(desk->chip));
    assert_string_equal(chip_violation(desk->chip), name);
    assert_true(strlen(chip_violation_detail(desk->chip)) > 20);
}

int desk_black_px(struct desk *desk) {
    const struct frame *glass = chip_glass(desk->chip);
    int black = 0;
    for (int y = 0; y < glass->height_px; y++) {
        for (int x = 0; x < glass->width_px; x++) {
            black += !frame_is_white(glass, x, y);
        }
    }
    return black;
}

bool desk_is_black(struct desk *desk, int x_px, int y_px) {
    return !frame_is_white(chip_glass(desk->chip), x_px, y_px);
}
