// A frame as a PNG file of one bit a pixel.
#ifndef KARANI_DISPLAY_FRAME_PNG_H
#define KARANI_DISPLAY_FRAME_PNG_H

#include "display/frame.h"

// Writes the file anew. 0 or -errno.
int frame_write_png(const struct frame *frame, const char *path);

#endif
