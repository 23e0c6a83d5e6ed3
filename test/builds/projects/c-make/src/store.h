#ifndef STORE_H
#define STORE_H

/* Counts visits in a SQLite database, which lives in memory when no path is given. */
int store_open(const char *path);
int store_count(void);

#endif
