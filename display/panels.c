// The panels that Karani knows. Nothing here was tried on glass yet: every number is from where its line says.
#include "display/panels.h"

#include "display/controller/controller.h"

#include <string.h>

// Sources named below: GxEPD2 = constants in its panel headers (the author's measurements); WS = the public drivers
// and product pages of Waveshare; D = the SSD1680 datasheet.
//
// A deadline is 3 × the typical time, for a partial refresh at least 3 s. Cold glass takes longer: the Linux driver
// repaper.c allows 2 × up to 20 °C, 3 × up to 15 °C, 4 × up to 10 °C for another glass. Who waits for a refresh that
// somebody else began waits 3 ×: as long as the one who began it would have, so that neither cuts it off.
static const struct panel_row rows[] = {
    {
        .name = "waveshare-2.13-v4",
        .title = "Waveshare 2.13 inch V4, 250 × 122",
        .controller = &controller_ssd1680,
        .evidence = PANEL_EVIDENCE_PUBLIC_DRIVER,
        .width_px = 250,
        .height_px = 122,
        .sources = 122, // of 128 in a row of 16 bytes; the last six pad [WS]
        .gates = 250,
        .row_bytes = 16,
        .turn = FRAME_TURN_90,    // as WS's landscape example draws
        .x_byte_offset = 0,       // glass bonded from S8 on is reached by source_range, not by an offset [WS]
        .source_range = 0x80,     // S8 to S167 [WS 21 00 80, GxEPD2]
        .pixel_mm = 0.194,        // 48.55 × 23.71 mm [WS]
        .diagonal_inch = 2.13,    // [WS]
        .full_ms = 2000,          // [WS 2 s; GxEPD2 GDEY0213B74 1700]
        .partial_ms = 500,        // [GxEPD2 GDEY0213B74 500; WS 0.3 s]
        .full_deadline_ms = 6000, // 3 × 2000
        .partial_deadline_ms = 3000,
        .cold_factor = 3,
        .reset_low_ms = 2,      // [WS 20/2/20]; longer may switch the supply of a HAT with a "clever" reset [GxEPD2]
        .spi_hz = 4000000,      // [WS Python 4 MHz, GxEPD2 4 MHz]
        .spi_max_hz = 20000000, // [D]
    },
    {
        // WS and GxEPD2 load a partial waveform of their own into this glass. Here its OTP is trusted to have one,
        // as GxEPD2 does for the later GDEY029T94: see that on glass before relying on partial refreshes.
        .name = "waveshare-2.9-v2",
        .title = "Waveshare 2.9 inch V2, 296 × 128",
        .controller = &controller_ssd1680,
        .evidence = PANEL_EVIDENCE_PUBLIC_DRIVER,
        .width_px = 296,
        .height_px = 128,
        .sources = 128,
        .gates = 296, // 01 27 01 00 [WS]
        .row_bytes = 16,
        .turn = FRAME_TURN_90, // as WS's landscape example draws
        .x_byte_offset = 0,
        .source_range = 0x80,      // S8 to S167 [WS 21 00 80]
        .pixel_mm = 0.226,         // 66.89 × 29.05 mm [WS]; WS also prints 0.138, which is another glass's
        .diagonal_inch = 2.9,      // [WS]
        .full_ms = 4100,           // [GxEPD2 290_T94_V2 4100, GDEY029T94 1750; WS 3 s]
        .partial_ms = 750,         // [GxEPD2 290_T94_V2 750, GDEY029T94 400; WS 0.6 s]
        .full_deadline_ms = 12300, // 3 × 4100
        .partial_deadline_ms = 3000,
        .cold_factor = 3,
        .reset_low_ms = 2,      // [WS 10/2/10]
        .spi_hz = 4000000,      // [WS Python 4 MHz, GxEPD2 4 MHz]
        .spi_max_hz = 20000000, // [D]
    },
};

const struct panel_row *panel_row_find(const char *name) {
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(rows[i].name, name) == 0)
            return &rows[i];
    return NULL;
}

const struct panel_row *panel_rows(size_t *count) {
    *count = sizeof rows / sizeof rows[0];
    return rows;
}
