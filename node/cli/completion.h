// What is made from the table of commands for shells and readers. Pure.
#pragma once

#include <string>

namespace simpul {

// `shell`: bash, zsh or fish; empty for others.
std::string completion_script(const std::string& shell);

// simpul(1) in roff, as installed from deploy/man/simpul.1.
std::string manual_page();

}  // namespace simpul
