#!/bin/bash
# The product's sources, a batch at a time as the release build compiles them: so their headers are
# read once a batch. What is wrong in any file of the project that a batch includes is reported.
. "$(dirname "$0")/lib.sh"
build release simpul_schema || close

tidy() {
  clang-tidy-19 --quiet -p build/release --header-filter="^$PWD/(crypto|protocol|storage|node)/" \
    --extra-arg-before=-include --extra-arg-before="$PWD/protocol/capnp_clang.h" \
    --extra-arg=-Wno-unknown-warning-option --extra-arg=-Wno-deprecated-declarations \
    --extra-arg=-Wno-shadow "$@"
}
export -f tidy

tidy_one() {
  local log=$1/${2//\//+}.log
  tidy "$2" >"$log" 2>/dev/null && rm "$log"
}
export -f tidy_one

mkdir "$scratch/logs"
mapfile -t batches < <(find build/release/{crypto,protocol,storage,node} -name 'unity_*.cxx' | sort)
batches+=(node/main.cc)
printf '%s\0' "${batches[@]}" | xargs -0 -P "$(nproc)" -I{} bash -c 'tidy_one "$0" {}' "$scratch/logs"
for batch in "${batches[@]}"; do
  log=$scratch/logs/${batch//\//+}.log
  if [ -e "$log" ]; then
    cat "$log"
    fail "$batch"
  else
    pass
  fi
done

all_are_read() {
  diff <(find crypto protocol storage node -name '*.cc' | sort) \
    <({ grep -hoE '"/.*\.cc"' "${batches[@]}" | sed "s|\"$PWD/||; s|\"||"; echo node/main.cc; } | sort)
}
check "every source is in a batch" all_are_read

cp .clang-tidy "$scratch"
cat >"$scratch/planted.cc" <<'PLANTED'
#include <string>
#include <utility>
std::string twice(std::string text) {
  std::string moved = std::move(text);
  return moved + text;
}
PLANTED
echo "#include \"$scratch/planted.cc\"" >"$scratch/batch.cxx"
planted() {
  local said
  said=$(clang-tidy-19 --quiet --header-filter="^$scratch/" "$scratch/batch.cxx" -- -std=c++23)
  echo "$said"
  [[ $said == *planted.cc*bugprone-use-after-move* ]]
}
check "clang-tidy finds a planted use after move in a batch" planted
close
