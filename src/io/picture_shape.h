/* Characters that are drawn instead of written: lines, blocks, quadrants, braille. An inner part of
 * io/picture, not for others. */
#ifndef IO_PICTURE_SHAPE_H
#define IO_PICTURE_SHAPE_H

#include <stddef.h>
#include <stdint.h>

enum { PICTURE_SHAPE_PARTS_MAX = 8 };

enum picture_shape_kind {
    PICTURE_SHAPE_BOX,   /* filled, from one corner to the other */
    PICTURE_SHAPE_LINE,  /* from one end to the other, `size` thick */
    PICTURE_SHAPE_CURVE, /* the same, bent through the middle of the cell */
    PICTURE_SHAPE_DOT,   /* round, at the first point, `size` across */
};

/* In units of a cell of PICTURE_CELL_WIDTH x PICTURE_CELL_HEIGHT, from its top left. */
struct picture_shape_part {
    enum picture_shape_kind kind;
    double x1, y1, x2, y2;
    double size;
    double opacity; /* of BOX */
};

/* The parts of a character into `parts` of PICTURE_SHAPE_PARTS_MAX. Returns how many; 0 when it has to be
   written, or is blank braille. */
size_t picture_shape_parts(uint32_t character, struct picture_shape_part *parts);

#endif
