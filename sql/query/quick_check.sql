-- Whether the file is a sound database: 'ok', or the first thing that is wrong.
PRAGMA quick_check(1);
