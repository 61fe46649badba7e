#!/bin/bash
# Runs the demo as an operator would: once, and again over one that is still running.
. "$(dirname "$0")/lib.sh"
build release simpul || close
simpul=$PWD/build/release/node/simpul
# Members' homes have short names of their own, and control sockets short paths.
folder=$scratch/d

nobody_left() { ! pgrep -f -- "--home $folder/" >"$scratch/left" || { cat "$scratch/left"; false; }; }
says() { grep -q -- "$2" "$1" || { tail -n 40 "$1"; false; }; }
lines() { [ "$(grep -c -- "$2" "$1")" -ge "$3" ] || { tail -n 40 "$1"; false; }; }
ended_with() {
  [ "$1" -eq "$2" ] || { echo "exit status $1, not $2"; tail -n 40 "$3"; false; }
}
began() {
  for _ in $(seq 600); do
    grep -q "$2" "$1" && return 0
    sleep 0.1
  done
  cat "$1"
  false
}

first=$scratch/first.log
"$simpul" demo --once --dir "$folder" >"$first" 2>&1
check "the demo ends well" ended_with $? 0 "$first"
check "it tells the story to its end" says "$first" "menutup laporan: selesai"
check "it shows the timeline" says "$first" "Riwayat 51.03-"
check "it prints the national table" says "$first" "Tabel nasional"
check "it verifies the journals of nine nodes" lines "$first" "peristiwa: sah" 9
check "the nodes agree" says "$first" "sependapat"
check "traffic was lively" lines "$first" "menerima: " 20
check "no process is left" nobody_left

# One that runs, and another that takes its place.
second=$scratch/second.log third=$scratch/third.log
"$simpul" demo --dir "$folder" >"$second" 2>&1 &
earlier=$!
check "a second one begins" began "$second" "Kisah satu laporan"
"$simpul" demo --once --lang en --quiet --dir "$folder" >"$third" 2>&1
check "another takes its place and ends well" ended_with $? 0 "$third"
wait "$earlier"
check "the one before was ended, and says so" ended_with $? 130 "$second"
check "quiet, it still prints the table" says "$third" "National table"
check "again no process is left" nobody_left

mkdir "$scratch/foreign" && echo precious >"$scratch/foreign/file"
"$simpul" demo --once --dir "$scratch/foreign" >"$scratch/foreign.log" 2>&1
check "a folder that is not its own is refused" ended_with $? 1 "$scratch/foreign.log"
check "and left alone" says "$scratch/foreign/file" precious
close
