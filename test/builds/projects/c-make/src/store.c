#include "store.h"

#include <sqlite3.h>

static sqlite3 *db;

int store_open(const char *path) {
    if (sqlite3_open(path ? path : ":memory:", &db) != SQLITE_OK) return -1;
    return sqlite3_exec(db, "CREATE TABLE IF NOT EXISTS visit (at TEXT)", 0, 0, 0);
}

int store_count(void) {
    sqlite3_stmt *count;
    int visits = -1;
    sqlite3_exec(db, "INSERT INTO visit VALUES (datetime())", 0, 0, 0);
    if (sqlite3_prepare_v2(db, "SELECT count(*) FROM visit", -1, &count, 0) != SQLITE_OK) return -1;
    if (sqlite3_step(count) == SQLITE_ROW) visits = sqlite3_column_int(count, 0);
    sqlite3_finalize(count);
    return visits;
}
