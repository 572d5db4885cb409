// The name that a HAT's EEPROM carries, and the board that it stands for. The firmware of the Raspberry Pi reads the
// EEPROM and puts what it says into the device tree.
#ifndef KARANI_DAEMON_SETTINGS_HAT_H
#define KARANI_DAEMON_SETTINGS_HAT_H

#include <stdbool.h>
#include <stddef.h>

// HAT specification: a product's name has at most 255 characters.
enum { HAT_PRODUCT_SIZE = 256 };

// Reads the product's name from a property of the device tree (PATHS_HAT but in tests). False when there is no HAT, or
// none that says its name in plain characters.
bool hat_read_product(const char *path, char product[HAT_PRODUCT_SIZE]);

// The board that is known for the product, or else the product itself: an EEPROM that a maker or an owner has written
// may say a board's own name.
const char *hat_board(const char *product);

#endif
