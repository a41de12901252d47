/* What names and sellers' notes say about a listing, found word by word: 'Lot 5' is parking,
 * 'Lottery Box' is not. */
#ifndef CORE_TAGS_H
#define CORE_TAGS_H

/* Beside the enum listing_tag bits: the notes speak of seats. Never stored. */
enum { TAGS_SEATED = 1 << 30 };

/* Tags in the name of a section or row, or in a platform's own tag ("STANDING_ROOM_ONLY"). */
unsigned tags_of_name(const char *name);

/* Tags in free text, where most words mean less; denied ones ("not obstructed", "VIP access not
 * included") do not count. */
unsigned tags_of_notes(const char *notes);

#endif
