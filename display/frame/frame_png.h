// A frame as a PNG file: grey, every pixel black or white.
#ifndef KARANI_DISPLAY_FRAME_FRAME_PNG_H
#define KARANI_DISPLAY_FRAME_FRAME_PNG_H

#include "display/frame/frame.h"

// Writes the file anew. 0 or -errno.
int frame_write_png(const struct frame *frame, const char *path);

#endif
