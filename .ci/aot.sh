#!/usr/bin/env bash
# Publishes the sample generated-samples/Glyphs with NativeAOT, runs it over its test pictures, and compares what it
# says with the same program under the JIT. Prints what a native program costs: size, start time, memory.
#
#   .ci/aot.sh
#
# Needs the .NET SDK, a C compiler as linker (gcc or clang), and the ahead-of-time compiler of .NET 10, which NuGet
# brings. Builds in a temporary folder; bin/ and obj/ stay as they are. Exit code 0 when all is well.
set -euo pipefail
export LC_ALL=C DOTNET_CLI_UI_LANGUAGE=en DOTNET_NOLOGO=1

readonly runs=10

fail() {
    echo "aot.sh: $*" >&2
    exit 1
}

cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly sample=generated-samples/Glyphs
[[ -d $sample ]] || fail "there is no $sample in $PWD"
command -v dotnet >/dev/null || fail "dotnet is missing: install the .NET SDK 10 and put it on the PATH"

# The SDK looks for clang first.
linker=()
if ! command -v clang >/dev/null; then
    command -v gcc >/dev/null || fail "neither gcc nor clang was found; NativeAOT links with one of them (Debian: apt-get install gcc)"
    linker=(-p:CppCompilerAndLinker=gcc)
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# build NAME COMMAND...: runs a build, shows its output when it fails or warns
build() {
    local name=$1
    shift
    if ! "$@" >"$work/$name.log" 2>&1; then
        cat "$work/$name.log" >&2
        if grep -qE 'error NU1[0-9]+.*(ILCompiler|NativeAOT)' "$work/$name.log"; then
            fail "NuGet cannot restore the ahead-of-time compiler of .NET 10 (see above); add a source that has it"
        fi
        fail "$name failed: $*"
    fi
    if grep -qE '\bwarning [A-Z]+[0-9]+' "$work/$name.log"; then
        grep -E '\bwarning [A-Z]+[0-9]+' "$work/$name.log" | sort -u >&2
        fail "$name has warnings: $*"
    fi
}

# --disable-build-servers: a server that outlives this script would keep files of the temporary folder open.
echo "publishing $sample for NativeAOT ..."
build publish dotnet publish "$sample" -c Release -p:SmallCnnGenAot=true "${linker[@]}" \
    --artifacts-path "$work/native-artifacts" -o "$work/native" --disable-build-servers
echo "building it for the JIT ..."
build build dotnet build "$sample" -c Release --artifacts-path "$work/jit-artifacts" -o "$work/jit" --disable-build-servers

native=("$work/native/Glyphs")
jit=(dotnet "$work/jit/Glyphs.dll")
[[ -x ${native[0]} ]] || fail "the publish left no program at ${native[0]}"

pictures=("$PWD/$sample"/data/test/*.png)
[[ -f ${pictures[0]} ]] || fail "no pictures in $sample/data/test"

# The native program has the vectors of its instruction set, AVX2; so that both round alike, the JIT takes those too.
export SMALLCNNGEN_VECTOR_BITS=256
echo "classifying ${#pictures[@]} pictures with both ..."
"${native[@]}" "${pictures[@]}" >"$work/native.txt" || fail "the native program ended with exit code $?"
"${jit[@]}" "${pictures[@]}" >"$work/jit.txt" || fail "the program under the JIT ended with exit code $?"
if ! diff -u "$work/jit.txt" "$work/native.txt" >"$work/diff.txt"; then
    head -n 40 "$work/diff.txt" >&2
    fail "JIT (-) and NativeAOT (+) disagree"
fi

# A picture's first letter is its class; the line of a network below its name starts with the best guess.
accuracy=$(awk '
    !/^  / { n = split($1, path, "/"); label = substr(path[n], 1, 1); next }
    { seen[$1]++; if ($2 == label) right[$1]++ }
    END { for (name in seen) printf "%s %d of %d\n", name, right[name], seen[name] }' "$work/native.txt" | sort)
[[ -n $accuracy ]] || fail "the program printed no predictions"
while read -r name right _ all; do
    ((all == ${#pictures[@]})) || fail "$name classified $all of ${#pictures[@]} pictures"
    ((right * 100 >= all * 95)) || fail "$name has $right of $all right; it should have more than 95 %"
done <<<"$accuracy"

# median_ms COMMAND...: process start to exit, median of several runs
median_ms() {
    local i start end
    for ((i = 0; i < runs; i++)); do
        start=${EPOCHREALTIME/./}
        "$@" >/dev/null
        end=${EPOCHREALTIME/./}
        echo $((end - start))
    done | sort -n | awk '{ t[NR] = $1 } END { m = NR % 2 ? t[(NR + 1) / 2] : (t[NR / 2] + t[NR / 2 + 1]) / 2; printf "%.1f", m / 1000 }'
}

# peak_mb COMMAND...: largest resident set, as GNU time reports it
peak_mb() {
    if [[ -x /usr/bin/time ]]; then
        /usr/bin/time -f %M -o "$work/rss" "$@" >/dev/null
        awk '{ printf "%.1f", $1 / 1024 }' "$work/rss"
    else
        printf '%s' '?'
    fi
}

one=(--network mobilenet "${pictures[0]}")
megabytes=$(stat -c %s "${native[0]}" | awk '{ printf "%.2f", $1 / 1e6 }')
echo
printf '%-44s %12s %12s\n' '' NativeAOT JIT
printf '%-44s %9s MB %12s\n' 'program (both networks, runtime included)' "$megabytes" -
printf '%-44s %9s ms %9s ms\n' "start to exit, one picture (median of $runs)" "$(median_ms "${native[@]}" "${one[@]}")" "$(median_ms "${jit[@]}" "${one[@]}")"
printf '%-44s %9s MB %9s MB\n' 'peak memory of that' "$(peak_mb "${native[@]}" "${one[@]}")" "$(peak_mb "${jit[@]}" "${one[@]}")"
while read -r name right _ all; do
    printf '%-44s %12s %12s\n' "$name, correct" "$right/$all" same
done <<<"$accuracy"
echo
echo "NativeAOT: no warnings, the same predictions as the JIT"
