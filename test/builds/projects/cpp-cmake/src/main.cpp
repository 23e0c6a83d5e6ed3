#include "table.hpp"

#include <cstdlib>
#include <iostream>

int main(int argc, char **argv) {
    std::cout << table(argc > 1 ? std::atoi(argv[1]) : 5);
}
