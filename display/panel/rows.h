// The panels that Karani knows, a row each: geometry, bonding, timings, speed, and which scripts its controller runs.
#ifndef KARANI_DISPLAY_PANEL_ROWS_H
#define KARANI_DISPLAY_PANEL_ROWS_H

#include "display/frame/frame.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct controller; // display/panel/controller/controller.h

// What a row rests on. Nothing here was tried on glass yet.
enum panel_evidence { PANEL_EVIDENCE_DATASHEET, PANEL_EVIDENCE_PUBLIC_DRIVER, PANEL_EVIDENCE_NOBODY };

struct panel_row {
    const char *name;  // "waveshare-2.13-v4"
    const char *title; // for people: "Waveshare 2.13 inch V4, 250 × 122"
    const struct controller *controller;
    enum panel_evidence evidence;
    int width_px; // as the reader sees it (landscape)
    int height_px;
    int sources;            // columns of the controller's RAM that carry glass
    int gates;              // rows of the controller's RAM
    int row_bytes;          // bytes a RAM row
    enum frame_turn turn;   // clockwise turn from the reader's picture to the controller's RAM
    int x_byte_offset;      // the first RAM byte that carries glass
    uint8_t source_range;   // SSD1680 0x21, second byte (0x80: S8 to S167)
    bool partial_from_host; // the OTP has no differential waveform: the driver brings one
    double pixel_mm;        // pixel pitch
    double diagonal_inch;
    int64_t full_ms; // typical times at 25 °C, with their source in panels.c
    int64_t fast_ms; // of a full refresh with the chip's shortest waveform; 0: none is known
    int64_t partial_ms;
    int64_t full_deadline_ms;    // BUSY longer than this is a fault: 3 × the typical time, at least 8 s at 7.5 inch
    int64_t partial_deadline_ms; // 3 × the typical time, at least 3 s
    int cold_factor;             // how many times full_ms a refresh that somebody else began may take
    int reset_low_ms;            // how long RES# is held low
    int64_t spi_hz;              // the clock to ask for
    int64_t spi_max_hz;          // the datasheet's limit for writes
};

const struct panel_row *panel_row_find(const char *name); // NULL when unknown
const struct panel_row *panel_rows(size_t *count);        // all of them, in the order of their names

#endif
