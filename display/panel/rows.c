// The panels that Karani knows. Nothing here was tried on glass yet: every number is from where its line says.
#include "display/panel/rows.h"

#include "display/panel/controller/controller.h"

#include <string.h>

// Sources named below: GxEPD2 = its panel classes, times from the constants there (the author's measurements; what it
// calls full is the fast refresh where fast_ms stands); WS = the public drivers and product pages of Waveshare;
// Adafruit, Pimoroni = their public drivers; TI = the Linux driver for the SSD16xx; D = the controller's datasheet.
//
// A deadline is 3 × the typical time, for a partial refresh at least 3 s. Cold glass takes longer: the Linux driver
// repaper.c allows 2 × up to 20 °C, 3 × up to 15 °C, 4 × up to 10 °C for another glass. Who waits for a refresh that
// somebody else began waits 3 ×: as long as the one who began it would have, so that neither cuts it off.
static const struct panel_row rows[] = {
    {
        // The glass of the Waveshare 2.13" V4, bonded the other way.
        .name = "adafruit-2.13-bonnet",
        .title = "Adafruit 2.13 inch e-ink bonnet, 250 × 122",
        .controller = &controller_ssd1680,
        .evidence = PANEL_EVIDENCE_PUBLIC_DRIVER,
        .width_px = 250,
        .height_px = 122,
        .sources = 122,
        .gates = 250,
        .row_bytes = 16,
        .turn = FRAME_TURN_90, // as the other 2.13" glass; no source read says how the bonnet holds it
        .x_byte_offset = 1,    // [Adafruit _xram_offset 1; bb_epaper EP213R]
        .source_range = 0x00,  // S0 to S175 [Adafruit sends no 0x21]
        .pixel_mm = 0.194,
        .diagonal_inch = 2.13,
        .full_ms = 2000, // as the V4
        .fast_ms = 1700,
        .partial_ms = 500,
        .full_deadline_ms = 6000,
        .partial_deadline_ms = 3000,
        .cold_factor = 3,
        .reset_low_ms = 10,
        .spi_hz = 4000000,
        .spi_max_hz = 20000000, // [D]
    },
    {
        // Pimoroni calls the controller SSD1608 and the glass DEPG0213BNS800F13CP; GxEPD2 has the DEPG0213BN as glass
        // of an SSD1680 whose OTP has no differential waveform. Pimoroni's driver leaves 0x21 alone and puts the
        // picture on sources 8 to 129. The older pHAT of 212 × 104 is another one.
        .name = "inky-phat",
        .title = "Pimoroni Inky pHAT, black and white, 250 × 122",
        .controller = &controller_ssd1680_own_partial,
        .evidence = PANEL_EVIDENCE_NOBODY,
        .width_px = 250,
        .height_px = 122,
        .sources = 122,
        .gates = 250, // [Pimoroni; GxEPD2 scans all 296]
        .row_bytes = 16,
        .turn = FRAME_TURN_90, // [Pimoroni turns by -90 and numbers the sources from the picture's foot]
        .x_byte_offset = 1,    // [Pimoroni]
        .source_range = 0x00,
        .partial_from_host = true, // [GxEPD2 213_BN]
        .pixel_mm = 0.194,
        .diagonal_inch = 2.13,
        .full_ms = 4100,   // [GxEPD2 213_BN]
        .partial_ms = 750, // [GxEPD2 213_BN]
        .full_deadline_ms = 12300,
        .partial_deadline_ms = 3000,
        .cold_factor = 3,
        .reset_low_ms = 10,
        .spi_hz = 488000, // [Pimoroni]
        .spi_max_hz = 20000000,
    },
    {
        // Geometry, bus and bonding from Pimoroni's driver for the wHAT with the SSD1683. That this glass takes the
        // refreshes of the 4.2" V2 is nobody's word: Pimoroni's driver knows one kind of refresh and sends no 0x21.
        .name = "inky-what",
        .title = "Pimoroni Inky wHAT, black and white, 400 × 300",
        .controller = &controller_ssd1683,
        .evidence = PANEL_EVIDENCE_NOBODY,
        .width_px = 400,
        .height_px = 300,
        .sources = 400,
        .gates = 300,
        .row_bytes = 50,
        .turn = FRAME_TURN_0, // [Pimoroni]
        .x_byte_offset = 0,
        .source_range = 0x00,
        .pixel_mm = 0.212, // as the 4.2" V2
        .diagonal_inch = 4.2,
        .full_ms = 4000, // as the 4.2" V2
        .partial_ms = 500,
        .full_deadline_ms = 12000,
        .partial_deadline_ms = 3000,
        .cold_factor = 3,
        .reset_low_ms = 10,
        .spi_hz = 4000000, // [Pimoroni 10 MHz]
        .spi_max_hz = 20000000,
    },
    {
        .name = "waveshare-1.54-v2",
        .title = "Waveshare 1.54 inch V2, 200 × 200",
        .controller = &controller_ssd1681,
        .evidence = PANEL_EVIDENCE_PUBLIC_DRIVER,
        .width_px = 200,
        .height_px = 200,
        .sources = 200,
        .gates = 200, // 01 C7 00 [WS, GxEPD2]
        .row_bytes = 25,
        .turn = FRAME_TURN_0, // [GxEPD2, bb_epaper; WS writes the rows the other way round and scans them so]
        .x_byte_offset = 0,
        .source_range = 0x00,  // there is no choice [D]
        .pixel_mm = 0.138,     // 27.6 × 27.6 mm [WS]
        .diagonal_inch = 1.54, // [WS]
        .full_ms = 2600,       // [GxEPD2 D67 2600; WS 2 s]
        .fast_ms = 2000,       // [GxEPD2 GDEY0154D67 2000]
        .partial_ms = 500,     // [GxEPD2 500]
        .full_deadline_ms = 7800,
        .partial_deadline_ms = 3000,
        .cold_factor = 3,
        .reset_low_ms = 2,
        .spi_hz = 4000000,
        .spi_max_hz = 20000000,
    },
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
        .partial_from_host = true,
        .pixel_mm = 0.229, // 2.13 inch over the pixels; no page that was read prints it
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
        // The glass of the V4 in all that is used here. WS loads waveforms of its own into the V3; GxEPD2 drives the
        // GDEY0213B74, which both are said to be, by the OTP's.
        .name = "waveshare-2.13-v3",
        .title = "Waveshare 2.13 inch V3, 250 × 122",
        .controller = &controller_ssd1680,
        .evidence = PANEL_EVIDENCE_PUBLIC_DRIVER,
        .width_px = 250,
        .height_px = 122,
        .sources = 122,
        .gates = 250, // 01 F9 00 00 [WS]
        .row_bytes = 16,
        .turn = FRAME_TURN_90,
        .x_byte_offset = 0,
        .source_range = 0x80, // [WS 21 00 80]
        .pixel_mm = 0.194,
        .diagonal_inch = 2.13,
        .full_ms = 2000,   // [WS 2 s]
        .fast_ms = 1700,   // [GxEPD2 GDEY0213B74 1700]
        .partial_ms = 500, // [GxEPD2 GDEY0213B74 500; WS 0.3 s]
        .full_deadline_ms = 6000,
        .partial_deadline_ms = 3000,
        .cold_factor = 3,
        .reset_low_ms = 2,
        .spi_hz = 4000000,
        .spi_max_hz = 20000000,
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
        .full_ms = 2000,          // [WS 2 s]
        .fast_ms = 1700,          // [GxEPD2 GDEY0213B74 1700]
        .partial_ms = 500,        // [GxEPD2 GDEY0213B74 500; WS 0.3 s]
        .full_deadline_ms = 6000, // 3 × 2000
        .partial_deadline_ms = 3000,
        .cold_factor = 3,
        .reset_low_ms = 2,      // [WS 20/2/20]; longer may switch the supply of a HAT with a "clever" reset [GxEPD2]
        .spi_hz = 4000000,      // [WS Python 4 MHz, GxEPD2 4 MHz]
        .spi_max_hz = 20000000, // [D]
    },
    {
        // WS loads a waveform of its own for partial refreshes, and GxEPD2 does for the DEPG0266BN, whose times these
        // are. The later GDEY0266T90 (GxEPD2: 1700 and 500 ms) has one in its OTP and takes this one as well.
        .name = "waveshare-2.66",
        .title = "Waveshare 2.66 inch, 296 × 152",
        .controller = &controller_ssd1680_own_partial,
        .evidence = PANEL_EVIDENCE_PUBLIC_DRIVER,
        .width_px = 296,
        .height_px = 152,
        .sources = 152,
        .gates = 296, // [GxEPD2 01 27 01 00; WS leaves it at that]
        .row_bytes = 19,
        .turn = FRAME_TURN_90, // as WS's landscape examples draw
        .x_byte_offset = 0,
        .source_range = 0x80, // S8 to S167 [GxEPD2 21 00 80; WS counts X from 1 instead, to the same outputs]
        .partial_from_host = true,
        .pixel_mm = 0.203,     // 60.09 × 30.70 mm [WS]
        .diagonal_inch = 2.66, // [WS]
        .full_ms = 4000,       // [GxEPD2 266_BN 4000]
        .partial_ms = 800,     // [GxEPD2 266_BN 800]
        .full_deadline_ms = 12000,
        .partial_deadline_ms = 3000,
        .cold_factor = 3,
        .reset_low_ms = 2, // [WS 200/2/200]
        .spi_hz = 4000000,
        .spi_max_hz = 20000000,
    },
    {
        // GxEPD2 names the controller for the GDEY027T91: SSD1680. WS drives its V2 with the commands of one.
        .name = "waveshare-2.7-v2",
        .title = "Waveshare 2.7 inch V2, 264 × 176",
        .controller = &controller_ssd1680,
        .evidence = PANEL_EVIDENCE_PUBLIC_DRIVER,
        .width_px = 264,
        .height_px = 176,
        .sources = 176, // all that there are
        .gates = 264,   // [WS and GxEPD2 leave 296 scanned and write 264]
        .row_bytes = 22,
        .turn = FRAME_TURN_90, // as WS's landscape examples draw
        .x_byte_offset = 0,
        .source_range = 0x00, // [neither sends 0x21]
        .pixel_mm = 0.217,    // 57.29 × 38.19 mm [WS]
        .diagonal_inch = 2.7, // [WS]
        .full_ms = 2000,      // [GxEPD2 270 2000, of the glass before]
        .fast_ms = 1700,      // [GxEPD2 GDEY027T91 1700]
        .partial_ms = 500,    // [GxEPD2 GDEY027T91 500]
        .full_deadline_ms = 6000,
        .partial_deadline_ms = 3000,
        .cold_factor = 3,
        .reset_low_ms = 2, // [WS 20/2/20]
        .spi_hz = 4000000,
        .spi_max_hz = 20000000,
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
        .partial_from_host = true,
        .pixel_mm = 0.226, // as the rigid 2.9" glass [WS 66.89 × 29.05 mm]
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
        // WS and GxEPD2 load a waveform of their own for partial refreshes; GxEPD2 says why: the OTP of Waveshare's
        // variant has none. The later GDEY029T94 (GxEPD2: 1750 and 400 ms) has one and takes this one as well.
        .name = "waveshare-2.9-v2",
        .title = "Waveshare 2.9 inch V2, 296 × 128",
        .controller = &controller_ssd1680_own_partial,
        .evidence = PANEL_EVIDENCE_PUBLIC_DRIVER,
        .width_px = 296,
        .height_px = 128,
        .sources = 128,
        .gates = 296, // 01 27 01 00 [WS]
        .row_bytes = 16,
        .turn = FRAME_TURN_90, // as WS's landscape example draws
        .x_byte_offset = 0,
        .source_range = 0x80,      // S8 to S167 [WS 21 00 80]
        .partial_from_host = true, // [GxEPD2 290_T94_V2]
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
        .partial_from_host = true,
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
        .name = "waveshare-4.2-v2",
        .title = "Waveshare 4.2 inch V2, 400 × 300",
        .controller = &controller_ssd1683,
        .evidence = PANEL_EVIDENCE_PUBLIC_DRIVER,
        .width_px = 400,
        .height_px = 300,
        .sources = 400,
        .gates = 300, // 01 2B 01 00 [GxEPD2, bb_epaper, TI]
        .row_bytes = 50,
        .turn = FRAME_TURN_0, // [WS]
        .x_byte_offset = 0,
        .source_range = 0x00,
        .pixel_mm = 0.212,    // 84.8 × 63.6 mm [WS]
        .diagonal_inch = 4.2, // [WS]
        .full_ms = 4000,      // [WS 4 s; TI 1.5 to 2 s]
        .fast_ms = 1500,      // [WS 1.5 s; GxEPD2 GDEY042T81 1200; TI 1 to 1.5 s]
        .partial_ms = 500,    // [TI 0.3 to 0.5 s; GxEPD2 GDEY042T81 400]
        .full_deadline_ms = 12000,
        .partial_deadline_ms = 3000,
        .cold_factor = 3,
        .reset_low_ms = 2, // [WS 100/2/100]
        .spi_hz = 4000000,
        .spi_max_hz = 20000000,
    },
    {
        // WS refreshes this glass fast and partially from its OTP. GxEPD2 has an older driver that loads a table.
        .name = "waveshare-5.83-v2",
        .title = "Waveshare 5.83 inch V2, 648 × 480",
        .controller = &controller_uc8179,
        .evidence = PANEL_EVIDENCE_PUBLIC_DRIVER,
        .width_px = 648,
        .height_px = 480,
        .sources = 648, // 61 02 88 01 E0 [GxEPD2 583_T8; WS sends no 0x61]
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
        // The GDEY075T7 has fast and partial waveforms in its OTP [WS, GxEPD2]. For the older GDEW075T7 GxEPD2 loads a
        // table and waits 1600 ms: on that, see partial refreshes on glass before relying on them.
        .name = "waveshare-7.5-v2",
        .title = "Waveshare 7.5 inch V2, 800 × 480",
        .controller = &controller_uc8179,
        .evidence = PANEL_EVIDENCE_PUBLIC_DRIVER,
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
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(rows[i].name, name) == 0) {
            return &rows[i];
        }
    }
    return NULL;
}

const struct panel_row *panel_rows(size_t *count) {
    *count = sizeof rows / sizeof rows[0];
    return rows;
}
