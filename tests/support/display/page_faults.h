// What no page may do, on any glass: measured on the page as it is drawn.
#ifndef KARANI_TESTS_SUPPORT_DISPLAY_PAGE_FAULTS_H
#define KARANI_TESTS_SUPPORT_DISPLAY_PAGE_FAULTS_H

#include "display/draw/canvas.h"

// Counts a fault and says it, in a function that has `where` and `faults`.
#define FAULT(...) (print_error("%s: ", where), print_error(__VA_ARGS__), faults++)

// One line for every rule that a page breaks; the number of them.
int count_faults(struct canvas *canvas, const char *where);

#endif
