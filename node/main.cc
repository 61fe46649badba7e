// The program. Says its version; subcommands are wired in here.
#include <cstdio>

int main() {
  std::puts("simpul");
  return 0;
}
