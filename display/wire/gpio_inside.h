// What both versions of display/wire/gpio.h share; for gpio*.c only.
#ifndef KARANI_DISPLAY_WIRE_GPIO_INSIDE_H
#define KARANI_DISPLAY_WIRE_GPIO_INSIDE_H

#include "display/wire/gpio.h"

struct gpiod_chip;

// Opens the chip that the place names. NULL with *result = -errno and one sentence.
struct gpiod_chip *gpio_open_chip(const struct gpio_place *place, int *result, char *sentence, size_t sentence_size);

// Whether the open chip bears the label; each version asks libgpiod in its own way.
bool gpio_chip_is_labelled(struct gpiod_chip *chip, const char *label);

// Says in one sentence why the line cannot be had; `owner` is who has it, or NULL. Returns result.
int gpio_refuse(int result, const struct gpio_place *place, const char *owner, char *sentence, size_t sentence_size);

// Whether the file has something to be read now.
bool gpio_is_readable(int fd);

#endif
