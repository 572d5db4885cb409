// The panels that Karani knows. Nothing here was tried on glass yet: every number is from where its line says.
#include "display/panels.h"

#include "display/controller/controller.h"

#include <string.h>

// Sources named below: GxEPD2 = constants in its panel headers (the author's measurements); WS = the public drivers
// and product pages of Waveshare; D = the controller's datasheet.
//
// A deadline is 3 × the typical time, for a partial refresh at least 3 s. Cold glass takes longer: the Linux driver
// repaper.c allows 2 × up to 20 °C, 3 × up to 15 °C, 4 × up to 10 °C for another glass. Who waits for a refresh that
// somebody else began waits 3 ×: as long as the one who began it would have, so that neither cuts it off.
static const struct panel_row rows[] = {
    {
        .name = "waveshare-2.13-d",
        .title = "Waveshare 2.13 inch D (flexible), 212 × 104",
        .controller = &controller_uc8151d,
        .evidence = PANEL_EVIDENCE_PUBLIC_DRIVER,
        .width_px = 212,
        .height_px = 104,
        .sources = 104, // 61 68 00 D4 [WS, GxEPD2]
        .gates = 212,
        .row_bytes = 13,
        .turn = FRAME_TURN_90, // as WS's landscape example draws
        .pixel_mm = 0.229,     // 48.55 mm over 212 pixels; no page read prints it
        .diagonal_inch = 2.13,
        .full_ms = 2100,   // [GxEPD2 213_flex 2100; WS 2 s]
        .partial_ms = 300, // [GxEPD2 213_flex 300; WS 0.3 s]
        .full_deadline_ms = 6300,
        .partial_deadline_ms = 3000,
        .cold_factor = 3,
        .reset_low_ms = 2,      // [WS 200/2/200]
        .spi_hz = 4000000,      // [WS Python 4 MHz]
        .spi_max_hz = 10000000, // as the UC8179 [GxEPD2 drives it at 10 MHz]
    },
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
        .name = "waveshare-2.9-d",
        .title = "Waveshare 2.9 inch D (flexible), 296 × 128",
        .controller = &controller_uc8151d,
        .evidence = PANEL_EVIDENCE_PUBLIC_DRIVER,
        .width_px = 296,
        .height_px = 128,
        .sources = 128, // 61 80 01 28 [WS, GxEPD2]
        .gates = 296,
        .row_bytes = 16,
        .turn = FRAME_TURN_90, // as WS's landscape example draws
        .pixel_mm = 0.226,     // as the rigid 2.9" glass [WS 66.89 × 29.05 mm]
        .diagonal_inch = 2.9,
        .full_ms = 3600,   // [GxEPD2 290_I6FD 3600; WS 2 s]
        .partial_ms = 400, // [GxEPD2 290_I6FD 400; WS 0.3 s]
        .full_deadline_ms = 10800,
        .partial_deadline_ms = 3000,
        .cold_factor = 3,
        .reset_low_ms = 2,      // [WS three times 20/2/20; one pulse here, as GxEPD2]
        .spi_hz = 4000000,      // [WS Python 4 MHz]
        .spi_max_hz = 10000000, // as the UC8179 [GxEPD2 drives it at 10 MHz]
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
    {
        // WS has a partial refresh, but leaves it out by default for its poor look.
        .name = "waveshare-4.2-v1",
        .title = "Waveshare 4.2 inch V1, 400 × 300",
        .controller = &controller_uc8176,
        .evidence = PANEL_EVIDENCE_PUBLIC_DRIVER,
        .width_px = 400,
        .height_px = 300,
        .sources = 400, // 61 01 90 01 2C [WS]
        .gates = 300,
        .row_bytes = 50,
        .turn = FRAME_TURN_0,
        .pixel_mm = 0.212, // 84.8 × 63.6 mm [WS]
        .diagonal_inch = 4.2,
        .full_ms = 4000,   // [WS 4 s; GxEPD2 420 1600, with a table of its own]
        .partial_ms = 600, // [GxEPD2 420 600; 26 frames at 50 a second make 520]
        .full_deadline_ms = 12000,
        .partial_deadline_ms = 3000,
        .cold_factor = 3,
        .reset_low_ms = 2,      // [WS 200/2/200, later three times; one pulse here, as GxEPD2]
        .spi_hz = 4000000,      // [WS Python 4 MHz]
        .spi_max_hz = 10000000, // as the UC8179 [GxEPD2 drives it at 10 MHz]
    },
    {
        // WS refreshes this glass fast and partially from its OTP. GxEPD2 has an older driver that loads a table.
        .name = "waveshare-5.83-v2",
        .title = "Waveshare 5.83 inch V2, 648 × 480",
        .controller = &controller_uc8179,
        .evidence = PANEL_EVIDENCE_PUBLIC_DRIVER,
        .width_px = 648,
        .height_px = 480,
        .sources = 648, // 61 02 88 01 E0 [GxEPD2 583_T8; WS leaves it to the OTP]
        .gates = 480,
        .row_bytes = 81,
        .turn = FRAME_TURN_0,
        .pixel_mm = 0.184, // 119.23 × 88.32 mm [WS]
        .diagonal_inch = 5.83,
        .full_ms = 5000,           // [WS 5 s; GxEPD2 583_T8 4200]
        .fast_ms = 1500,           // [WS 5A: 1.5 s]
        .partial_ms = 500,         // as the 7.5" V2; no source read gives it for this glass
        .full_deadline_ms = 15000, // 3 × 5000
        .partial_deadline_ms = 3000,
        .cold_factor = 3,
        .reset_low_ms = 2,      // [WS 200/2/200]
        .spi_hz = 4000000,      // [WS Python 4 MHz]
        .spi_max_hz = 10000000, // [D]
    },
    {
        // Glass of 2023 on (GDEY075T7) has fast and partial waveforms in its OTP. The older GDEW075T7 was refreshed by
        // GxEPD2 with tables and in 1600 ms: on that, see partial refreshes on glass before relying on them.
        .name = "waveshare-7.5-v2",
        .title = "Waveshare 7.5 inch V2, 800 × 480",
        .controller = &controller_uc8179,
        .evidence = PANEL_EVIDENCE_DATASHEET,
        .width_px = 800,
        .height_px = 480,
        .sources = 800, // 61 03 20 01 E0 [WS, GxEPD2]
        .gates = 480,
        .row_bytes = 100,
        .turn = FRAME_TURN_0,
        .pixel_mm = 0.204, // 163.2 × 97.92 mm [WS]
        .diagonal_inch = 7.5,
        .full_ms = 5000,           // [WS 5 s; D 4 to 8 s; GxEPD2 750_T7 4200]
        .fast_ms = 1500,           // [WS 5A: 1.5 s; GxEPD2 GDEY075T7 1200]
        .partial_ms = 500,         // [GxEPD2 GDEY075T7 450; WS 0.4 s]
        .full_deadline_ms = 15000, // 3 × 5000; more than 8 s
        .partial_deadline_ms = 3000,
        .cold_factor = 3,
        .reset_low_ms = 2,      // [WS 20/2/20; this glass "only resets properly with 2 ms", says caemor's driver]
        .spi_hz = 4000000,      // [WS Python 4 MHz]
        .spi_max_hz = 10000000, // [D: 100 ns a bit]
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
