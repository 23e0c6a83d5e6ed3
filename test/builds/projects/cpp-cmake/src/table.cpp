#include "table.hpp"

#include <fmt/format.h>

std::string table(int size) {
    std::string text;
    for (int row = 1; row <= size; ++row) {
        for (int column = 1; column <= size; ++column) text += fmt::format("{:5}", row * column);
        text += '\n';
    }
    return text;
}
