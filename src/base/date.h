/* The proleptic Gregorian calendar as day numbers. Knows no clock, no zone and no text. */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include <stdbool.h>
#include <stdint.h>

/* Days from 1970-01-01 to a date; month 1..12, a day outside its month runs on into the next. */
int64_t date_days(int year, int month, int day);

/* The date of a day number. */
void date_from_days(int64_t days, int *year, int *month, int *day);

/* Days in a month, 28..31. 0 when there is no such month. */
int date_month_length(int year, int month);

/* The day of the week of a day number, 0 = Sunday. */
int date_weekday(int64_t days);

#endif
