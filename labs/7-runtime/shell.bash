#!/bin/bash
# What "lab shell" has ready: the bundle "b", whose command sleeps.
# shellcheck disable=SC1091 # it is where the guard has it
source /lab/bundle.bash
bundle b
