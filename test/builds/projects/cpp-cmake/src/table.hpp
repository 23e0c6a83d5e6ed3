#pragma once

#include <string>

/// The multiplication table up to `size`, one row per line.
std::string table(int size);
