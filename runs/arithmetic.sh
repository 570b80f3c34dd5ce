#!/bin/sh
# Trains the model that Jandaia carries inside itself, from nothing, and puts it in its place.
#
#   model      Qwen3 shape: 3 layers, hidden 96, 4 query and 2 key/value heads of 32, MLP 256,
#              99 characters; 342,144 parameters, 371 KB in Q8_0
#   task       two-digit additions and subtractions written out: 20,000 problems, a fifth held out
#   training   2000 steps of 64 examples, about 5 M tokens, AdamW at 4e-3
#   cost       6 x 342,144 FLOP a token = 1.1e13 FLOP: about 5 minutes at 17,000 tokens/s, which two
#              free cores give; 19 on a busy machine
#
# Usage: runs/arithmetic.sh [DIR]    (default target/arithmetic; an interrupted run is continued)
set -eu
cd "$(dirname "$0")/.."
out=${1:-target/arithmetic}

./jandaia train arithmetic --out "$out" --steps 2000 --seed 1 --threads 2

resources=jandaia-core/src/main/resources/dev/jandaia/embedded
mkdir -p "$resources"
cp "$out/arithmetic.gguf" "$resources/arithmetic.gguf"
cp "$out/curve.csv" docs/arithmetic-curve.csv
