#!/bin/bash
. "$(dirname "$0")/lib.sh"
mapfile -t files < <(find crypto protocol storage node tests -name '*.h' -o -name '*.cc' | sort)
check "clang-format" clang-format --dry-run -Werror "${files[@]}"
printf 'int  main( ) { }\n' >"$scratch/planted.cc"
cp .clang-format "$scratch"
planted() { ! clang-format --dry-run -Werror "$scratch/planted.cc" 2>/dev/null; }
check "clang-format finds planted disorder" planted
close
