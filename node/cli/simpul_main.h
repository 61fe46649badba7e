// The program's entry: parses the command line, runs the command, prints its result. The only
// place with standard streams and exit codes; everything else returns values.
#pragma once

namespace simpul {

// The exit code: 0 done; 1 refused, failed or not verified; 2 wrong usage; 3 the node does not
// run or cannot be reached; 4 not found.
int simpul_main(int argc, char** argv);

}  // namespace simpul
