#!/bin/bash
. "$(dirname "$0")/lib.sh"
build release && pass
close
