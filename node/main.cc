#include "node/cli/simpul_main.h"

int main(int argc, char** argv) {
  return simpul::simpul_main(argc, argv);
}
