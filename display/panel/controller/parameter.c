// The parameters of steps that a panel's row fills in.
#include "display/panel/controller/controller.h"
#include "display/panel/rows.h"

#include <assert.h>

uint8_t step_parameter_byte(uint16_t parameter, const struct panel_row *row) {
    if (parameter <= UINT8_MAX) {
        return (uint8_t)parameter;
    }
    switch ((enum step_parameter)parameter) {
    case STEP_LAST_GATE_LOW:
        return (uint8_t)((row->gates - 1) & 0xFF);
    case STEP_LAST_GATE_HIGH:
        return (uint8_t)((row->gates - 1) >> 8);
    case STEP_FIRST_X_BYTE:
        return (uint8_t)row->x_byte_offset;
    case STEP_LAST_X_BYTE:
        return (uint8_t)(row->x_byte_offset + row->row_bytes - 1);
    case STEP_SOURCE_RANGE:
        return row->source_range;
    case STEP_WIDTH_LOW:
        return (uint8_t)((row->row_bytes * 8) & 0xFF);
    case STEP_WIDTH_HIGH:
        return (uint8_t)((row->row_bytes * 8) >> 8);
    case STEP_GATES_LOW:
        return (uint8_t)(row->gates & 0xFF);
    case STEP_GATES_HIGH:
        return (uint8_t)(row->gates >> 8);
    }
    assert(false && "a parameter is a byte or one of the row's");
    return 0;
}
