#include "tests/support/display/chip_fixture.h"

const struct panel_row row_213 = {ROW_213, .turn = FRAME_TURN_90, .source_range = 0x80};

static int64_t chip_fixture_now_ms(void *context) {
    return ((struct chip_fixture *)context)->now_ms;
}

void chip_fixture_open_with(struct chip_fixture *fixture, struct chip_setup setup) {
    fixture->now_ms = 1000;
    fixture->busy_level = !setup.row->controller || setup.row->controller->busy_level;
    setup.now_ms = chip_fixture_now_ms;
    setup.context = fixture;
    fixture->chip = chip_new(&setup);
    assert_non_null(fixture->chip);
    chip_set_power(fixture->chip, true);
    fixture->now_ms += 10;
}

void chip_fixture_open(struct chip_fixture *fixture, const struct panel_row *row) {
    chip_fixture_open_with(fixture, (struct chip_setup){.row = row});
}

void chip_fixture_close(struct chip_fixture *fixture) {
    chip_free(fixture->chip);
}

bool chip_fixture_busy(struct chip_fixture *fixture) {
    struct wire *wire = chip_wire(fixture->chip);
    bool high = false;
    assert_int_equal(wire->ops->busy(wire, &high), 0);
    return high == fixture->busy_level;
}

void chip_fixture_wait_idle(struct chip_fixture *fixture) {
    int64_t deadline_ms = fixture->now_ms + 60000;
    while (chip_fixture_busy(fixture) && fixture->now_ms < deadline_ms) {
        int64_t edge_ms = chip_next_edge_ms(fixture->chip);
        fixture->now_ms = edge_ms < deadline_ms ? edge_ms : deadline_ms;
    }
}

void chip_fixture_send(struct chip_fixture *fixture, const uint8_t *bytes, size_t count) {
    struct wire *wire = chip_wire(fixture->chip);
    if (count > 0) {
        assert_int_equal(wire->ops->data(wire, bytes, count), 0);
    }
}

static void chip_fixture_repeat(struct chip_fixture *fixture, uint8_t byte, size_t count) {
    struct wire *wire = chip_wire(fixture->chip);
    uint8_t message[4096];
    memset(message, byte, sizeof message);
    for (size_t part; count > 0; count -= part) {
        part = count < wire->max_message ? count : wire->max_message;
        chip_fixture_send(fixture, message, part);
    }
}

// One word that is not data.
static void chip_fixture_do(struct chip_fixture *fixture, const char *word) {
    struct wire *wire = chip_wire(fixture->chip);
    if (word[0] == ':') {
        assert_int_equal(wire->ops->command(wire, (uint8_t)strtoul(word + 1, NULL, 16)), 0);
    } else if (word[0] == '~') {
        fixture->now_ms += strtoll(word + 1, NULL, 10);
    } else if (word[0] == '?') {
        chip_fixture_wait_idle(fixture);
    } else if (word[0] == 'R') {
        assert_int_equal(wire->ops->reset(wire, word[1] == '-'), 0);
    } else if (word[0] == 'P') {
        assert_int_equal(wire->ops->power(wire, word[1] == '+'), 0);
    } else {
        fail_msg("no such word in a transcript: %s", word);
    }
}

void chip_fixture_run(struct chip_fixture *fixture, const char *transcript) {
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
        chip_fixture_send(fixture, message, count);
        count = 0;
        if (is_data && *end == '*') {
            chip_fixture_repeat(fixture, (uint8_t)byte, strtoul(end + 1, NULL, 10));
        } else {
            chip_fixture_do(fixture, word);
        }
    }
    chip_fixture_send(fixture, message, count);
    free(words);
}

void chip_fixture_expect_no_violation(struct chip_fixture *fixture) {
    chip_watch(fixture->chip);
    if (chip_violation(fixture->chip)) {
        fail_msg("%s: %s", chip_violation(fixture->chip), chip_violation_detail(fixture->chip));
    }
}

void chip_fixture_expect_violation(struct chip_fixture *fixture, const char *name) {
    chip_watch(fixture->chip);
    assert_non_null(chip_violation(fixture->chip));
    assert_string_equal(chip_violation(fixture->chip), name);
    assert_true(strlen(chip_violation_detail(fixture->chip)) > 20);
}

int chip_fixture_black_px(struct chip_fixture *fixture) {
    const struct frame *glass = chip_glass(fixture->chip);
    int black = 0;
    for (int y = 0; y < glass->height_px; y++) {
        for (int x = 0; x < glass->width_px; x++) {
            black += !frame_is_white(glass, x, y);
        }
    }
    return black;
}

bool chip_fixture_is_black(struct chip_fixture *fixture, int x_px, int y_px) {
    return !frame_is_white(chip_glass(fixture->chip), x_px, y_px);
}
