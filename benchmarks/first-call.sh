#!/usr/bin/env bash
# What the first inference of a process costs: MobileNet V1 under the JIT, from a ReadyToRun image and as a native program.
#
#   benchmarks/first-call.sh [PROCESSES]
#
# Publishes benchmarks/SmallCnnGen.FirstCall in each form, runs the programs in turn on one core, PROCESSES times each
# (default 11), and prints medians of the processor time that happens once, and the best of all later calls. Forms of one
# vector width must give the same output to the last bit, and the ReadyToRun programs must not have compiled a
# kernel: the exit code says whether that holds. A form whose compiler NuGet cannot restore is left out, and the output
# says so.
#
# Needs the .NET SDK 10 and, for NativeAOT, gcc or clang. Builds in a temporary folder.
set -euo pipefail
export LC_ALL=C DOTNET_CLI_UI_LANGUAGE=en DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
unset SMALLCNNGEN_VECTOR_BITS

fail() {
    echo "first-call.sh: $*" >&2
    exit 1
}

readonly processes=${1:-11}
[[ $processes =~ ^[1-9][0-9]*$ ]] || fail "the argument is a number of processes, not '$processes'"
cd "$(dirname "${BASH_SOURCE[0]}")/.."
command -v dotnet >/dev/null || fail "dotnet is missing: install the .NET SDK 10 and put it on the PATH"
[[ $(uname -m) == x86_64 ]] || fail "the forms compared here are for x64"

linker=()
command -v clang >/dev/null || linker=(-p:CppCompilerAndLinker=gcc)

# The last core: the first one takes most interrupts.
pin=()
command -v taskset >/dev/null && pin=(taskset -c "$(($(nproc) - 1))")

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# publish NAME ARGUMENTS...: false, with a word why, when NuGet lacks the form's compiler
publish() {
    local name=$1
    shift
    echo "publishing $name ..."
    if dotnet publish benchmarks/SmallCnnGen.FirstCall -c Release --artifacts-path "$work/artifacts-$name" -o "$work/$name" \
        --disable-build-servers "$@" >"$work/$name.log" 2>&1; then
        return 0
    fi
    if grep -qE 'error (NU110[0-9]|NETSDK1094)' "$work/$name.log"; then
        grep -hoE 'error (NU110[0-9]|NETSDK1094).*' "$work/$name.log" | sed 's/ \[.*//; s/^/    /' | sort -u
        echo "    $name is left out: NuGet cannot restore its compiler here"
        return 1
    fi
    cat "$work/$name.log" >&2
    fail "publishing $name failed"
}

rid=$(dotnet --info | sed -nE 's/^ *RID: +//p' | head -n 1)
forms=()
publish jit -p:Form=jit && forms+=(jit-256 jit-512)
publish r2r-256 -p:Form=r2r -r "$rid" && forms+=(r2r-256)
publish r2r-512 -p:Form=r2r -r "$rid" -p:SmallCnnGenVectorBits=512 && forms+=(r2r-512)
publish aot-256 -p:Form=aot -r "$rid" "${linker[@]}" && forms+=(aot-256)
if ! grep -qw avx512f /proc/cpuinfo; then
    echo "this processor has no AVX-512: without the 512-bit forms"
    kept=()
    for form in "${forms[@]}"; do [[ $form == *-512 ]] || kept+=("$form"); done
    forms=("${kept[@]}")
fi

run() {
    case $1 in
        jit-*) SMALLCNNGEN_VECTOR_BITS=${1#jit-} "${pin[@]}" dotnet "$work/jit/SmallCnnGen.FirstCall.dll" ;;
        r2r-*) "${pin[@]}" dotnet "$work/$1/SmallCnnGen.FirstCall.dll" ;;
        aot-*) "${pin[@]}" "$work/$1/SmallCnnGen.FirstCall" ;;
    esac
}

echo "running ${#forms[@]} programs $processes times in turn ..."
for ((i = 0; i < processes; i++)); do
    for form in "${forms[@]}"; do
        run "$form" >>"$work/$form.txt" || fail "$form ended with exit code $?"
    done
done

# median FORM COLUMN
median() {
    awk -v c="$2" '{ print $c }' "$work/$1.txt" | sort -n |
        awk '{ t[NR] = $1 } END { print NR % 2 ? t[(NR + 1) / 2] : (t[NR / 2] + t[NR / 2 + 1]) / 2 }'
}

# fastest FORM COLUMN
fastest() {
    awk -v c="$2" 'NR == 1 || $c < least { least = $c } END { print least }' "$work/$1.txt"
}

label() {
    case ${1%-*} in jit) printf 'JIT' ;; r2r) printf 'ReadyToRun' ;; aot) printf 'NativeAOT' ;; esac
    printf ' %s' "${1#*-}"
}

# row TITLE FORMAT COLUMN [fastest]
row() {
    printf '%-44s' "$1"
    for form in "${forms[@]}"; do printf " %14s" "$(printf "$2" "$("${4:-median}" "$form" "$3")")"; done
    echo
}

echo
printf '%-44s' "MobileNet V1 1.0/224, medians of $processes processes"
for form in "${forms[@]}"; do printf ' %14s' "$(label "$form")"; done
echo
row 'loading the weights, ms' %.1f 2
row '  methods compiled' %.0f 3
row '  time compiling, ms elapsed' %.1f 4
row 'first call, ms' %.1f 5
row '  methods compiled' %.0f 6
row '  time compiling, ms elapsed' %.1f 7
row 'best of the next 25 calls, ms' %.2f 8 fastest
row 'best of the last 50 of 300 calls, ms' %.2f 9 fastest
row '  methods compiled in between' %.0f 10
row '  time compiling, ms elapsed' %.0f 11

status=0
for bits in 256 512; do
    answers=$(for form in "${forms[@]}"; do [[ $form != *-$bits ]] || awk '{ print $12 }' "$work/$form.txt"; done | sort -u)
    [[ $(wc -w <<<"$answers") -le 1 ]] || { echo "the forms of $bits bits differ in their output" >&2; status=1; }
done
for form in "${forms[@]}"; do
    [[ $form == r2r-* ]] || continue
    # What is left are the few methods whose code follows from the machine, none of them a kernel; the JIT forms have some 90.
    awk '$6 > 5 { exit 1 }' "$work/$form.txt" || { echo "$form compiled kernels on its first call: the image does not hold them" >&2; status=1; }
done
exit $status
