#!/bin/bash
# One check a source file of the product, two at a time, as the release build has it but each file for
# itself: so it includes all that it needs, which batches would not show.
. "$(dirname "$0")/lib.sh"
build files simpul_schema || close

tidy() {
  clang-tidy-19 --quiet -p build/files --extra-arg-before=-include \
    --extra-arg-before="$PWD/protocol/capnp_clang.h" --extra-arg=-Wno-unknown-warning-option \
    --extra-arg=-Wno-deprecated-declarations "$@"
}
export -f tidy

tidy_one() {
  local log=$1/${2//\//+}.log
  tidy "$2" >"$log" 2>/dev/null && rm "$log"
}
export -f tidy_one

mkdir "$scratch/logs"
mapfile -t files < <(find crypto protocol storage node -name '*.cc' | sort)
printf '%s\0' "${files[@]}" | xargs -0 -P "$(nproc)" -I{} bash -c 'tidy_one "$0" {}' "$scratch/logs"
for file in "${files[@]}"; do
  log=$scratch/logs/${file//\//+}.log
  if [ -e "$log" ]; then
    cat "$log"
    fail "$file"
  else
    pass
  fi
done

cp .clang-tidy "$scratch"
cat >"$scratch/planted.cc" <<'PLANTED'
#include <string>
#include <utility>
std::string twice(std::string text) {
  std::string moved = std::move(text);
  return moved + text;
}
PLANTED
planted() {
  local said
  said=$(clang-tidy-19 --quiet "$scratch/planted.cc" -- -std=c++23)
  echo "$said"
  [[ $said == *bugprone-use-after-move* ]]
}
check "clang-tidy finds a planted use after move" planted
close
