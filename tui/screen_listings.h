/* What the listings screen shows beside its list: how it is loaded, what it is in words, what a listing was before. */
#ifndef TUI_SCREEN_LISTINGS_H
#define TUI_SCREEN_LISTINGS_H

#include <stddef.h>

#include "tui/canvas.h"
#include "tui/question.h"
#include "tui/screen.h"

/* The frame of query_listings() at the view's moment, and two columns more: what is different from the good poll before,
   change ("new", "repriced", else null) and change_by (what the price moved by, in the view's basis; null when new). */
bool screen_listings_load(struct store *store, const struct question *question, struct frame *frame,
                          struct err *err);

/* The frame of query_moments() around the view's moment by numbers[0] milliseconds, and three columns more that are known
   in the row of that moment: how many listings were new, gone and repriced there. */
bool screen_listings_load_moments(struct store *store, const struct question *question,
                                  struct frame *frame, struct err *err);

/* The frame of query_listing_history(). */
bool screen_listings_load_history(struct store *store, const struct question *question,
                                  struct frame *frame, struct err *err);

/* "423 listings, 1,204 tickets, from $55.00". */
void screen_listings_word_market(const struct frame *listings, enum measures_basis basis, char *out,
                                 size_t size);

/* "3 new, 2 gone, 5 with another price". Returns the length. */
size_t screen_listings_word_changes(const struct frame *moments, size_t row, char *out,
                                    size_t size);

/* Draws what a listing was, the newest last. */
void screen_listings_draw_history(const struct desk *desk, const struct frame *history,
                                  const char *listing_id, struct canvas *canvas,
                                  struct canvas_area area);

/* The same in sentences. */
void screen_listings_describe_history(const struct desk *desk, const struct frame *history,
                                      struct buf *out);

#endif
