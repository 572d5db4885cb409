// How the controllers of the SSD168x family differ, a description each.
// Facts: the datasheets of the SSD1680, SSD1681 and SSD1683.
#include "display/chip/module.h"

#include "display/panel/controller/controller.h"
#include "display/panel/rows.h"

#include <string.h>

static const struct ssd1680_kind kinds[] = {
    {
        .name = "SSD1680",
        .sources = 176,
        .gates = 296,
        .por_last_x_byte = 0x15,
        .por_last_line = 0x127,
        .has_gate_start = true,
        .temperature_bytes = 2, // °C × 16, left-aligned
        .waveform_bytes = 153,
        .source_options = 0x80, // S8 to S167 in place of S0 to S175
        .sleep_keeping_ram_na = 1000,
        .sleep_losing_ram_na = 700,
    },
    {
        .name = "SSD1681",
        .sources = 200,
        .gates = 200,
        .por_last_x_byte = 0x15, // as its datasheet prints them: they are not the RAM's, so a driver must set them
        .por_last_line = 0x127,
        .temperature_bytes = 2,
        .waveform_bytes = 153,
        .sleep_keeping_ram_na = 1000,
        .sleep_losing_ram_na = 700,
    },
    {
        .name = "SSD1683",
        .sources = 400,
        .gates = 300,
        .por_last_x_byte = 0x31, // no source read prints these two
        .por_last_line = 0x12B,
        .has_gate_start = true,
        .temperature_bytes = 1, // °C
        .waveform_bytes = 227,
        .source_options = 0x10, // cascade
        .full_has_red = true,   // display mode 1 is the three-colour set
        .sleep_keeping_ram_na = 3000,
        .sleep_losing_ram_na = 1000,
    },
};

const struct ssd1680_kind *ssd1680_kind_find(const struct panel_row *row) {
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(kinds[i].name, row->controller->name) == 0) {
            return &kinds[i];
        }
    }
    return NULL;
}

int ssd1680_sleep_current_na(const struct chip *chip) {
    return chip->powered ? chip->registers.sleep_current_na : 0;
}
