#!/bin/bash
# ./t NAME... [JVM OPTION...] : compiles what changed with plain javac and runs single tests, in seconds.
#   ./t CloseTest                       a test class, in each module that has one of that name
#   ./t CloseTest.method                one method of it (CloseTest#method does, too)
#   ./t CloseContract                   a contract, on real children
#   ./t native-posix:CommunicateTest    only in that module
#   ./t StepTest -Dio.github.jpopen.posix.spawnTier=snapshot    with options for the JVM
# Linux and macOS. It checks less than Maven: no Error Prone, no -Werror, no format, the class path in place of the module
# path, and not the module bench. The tests of packages "checks" look at what Maven compiled. What it compiles stays in target/t; `mvn clean` removes it.
set -uo pipefail
top=$(cd "$(dirname "$0")" && pwd)
cd "$top" || exit 1
export LC_ALL=C.UTF-8
out=$top/target/t

fail() {
  echo "$*" >&2
  exit 1
}

usage() {
  sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$top/t"
  exit "$1"
}

find_jdk() { # sets jdk to the home of a JDK 25, or of a newer one if there is no 25
  local version
  for version in 25 '(2[6-9]|[3-9][0-9])'; do
    for jdk in "${JAVA25_HOME:-}" "${JAVA_HOME:-}" /usr/lib/jvm/* ~/.sdkman/candidates/java/* ~/.jdks/* \
      /Library/Java/JavaVirtualMachines/*/Contents/Home; do
      if [ -x "$jdk/bin/javac" ] && grep -qE "^JAVA_VERSION=\"$version" "$jdk/release" 2> /dev/null; then
        return
      fi
    done
  done
  fail "No JDK 25 or newer found: set JAVA25_HOME"
}

changed() { # changed STAMP FOLDER... : whether a file or a folder below is newer than the stamp
  local stamp=$1
  shift
  [ ! -e "$stamp" ] || [ -n "$(find "$@" -newer "$stamp" \( -name '*.java' -o -type d \) -print -quit)" ]
}

libraries() { # asks Maven for the class path of the libraries, once for each state of the pom
  if [ ! -s "$out/libraries" ] || [ pom.xml -nt "$out/libraries" ]; then
    mvn -q -N dependency:build-classpath -Dmdep.outputFile="$out/libraries.new" > "$out/log" 2>&1 \
      || fail "Maven cannot say where the libraries are: $(cat "$out/log")"
    mv "$out/libraries.new" "$out/libraries"
  fi
  cat "$out/libraries"
}

compile() { # compile UNIT CLASSPATH FOLDER... : unless nothing has changed; says so in "fresh"
  local unit=$1 path=$2
  shift 2
  if [ "$fresh" = yes ] || changed "$out/$unit.stamp" "$@"; then
    fresh=yes
    rm -rf "${out:?}/$unit" "$out/$unit.stamp"
    mkdir -p "$out/$unit"
    touch "$out/$unit.new"
    find "$@" -name '*.java' -not -name '*-info.java' -not -path '*/snippet-files/*' \
      | sed 's/.*/"&"/' > "$out/$unit.sources"
    "$jdk/bin/javac" --release 25 -proc:none -nowarn -Xlint:none -Xmaxerrs 20 -cp "$path" -d "$out/$unit" \
      "@$out/$unit.sources" 2>&1 | grep -v '^Note: ' >&2
    [ "${PIPESTATUS[0]}" = 0 ] || exit 1
    mv "$out/$unit.new" "$out/$unit.stamp"
  fi
}

names=()
options=()
for argument in "$@"; do
  case $argument in
    -h | --help) usage 0 ;;
    -*) options+=("$argument") ;;
    *) names+=("$argument") ;;
  esac
done
[ ${#names[@]} -gt 0 ] || usage 2
find_jdk
mkdir -p "$out"
libraries=$(libraries) || exit 1

# Which classes of which module are meant.
selected=()
for name in "${names[@]}"; do
  only=${name%%:*}
  [ "$only" != "$name" ] || only=
  class=${name##*:}
  class=${class//#/.}
  method=${class#*.}
  class=${class%%.*}
  [ "$method" != "$class" ] || method=
  files=$(find ${only:-core native-posix native-windows testing conformance examples}/src/test/java -name "$class.java")
  if [[ $class = *Contract ]]; then
    files=$(grep -lrE "extends $class( |\b)" ${only:-native-posix native-windows}/src/test/java)
  fi
  # Those of Windows only where no other module has the name: here most of them are skipped.
  if [ -z "$only" ] && grep -qv '^native-windows/' <<< "$files"; then
    files=$(grep -v '^native-windows/' <<< "$files")
  fi
  [ -n "$files" ] || fail "No test of that name: $name"
  ! grep -q /checks/ <<< "$files" || echo "$class looks at the classes in */target/classes: compile them with Maven first"
  for file in $files; do
    type=${file#*/src/test/java/}
    type=${type%.java}
    selected+=("${file%%/*} ${type//\//.}${method:+#$method}")
  done
done

# Compiles a module in two steps, main and tests. The folders have Maven's names, by which ArchUnit knows tests.
# Sets path to its class path, with that of what it needs.
build() { # build MODULE
  local module=$1 sources=("$1/src/main/java")
  [ ! -d "$module/src/generated/java" ] || sources+=("$module/src/generated/java")
  compile "$module/target/classes" "$path:$libraries" "${sources[@]}"
  path=$out/$module/target/classes:$top/$module/src/main/resources:$path
  compile "$module/target/test-classes" "$path:$libraries" "$module/src/test/java"
  path=$out/$module/target/test-classes:$top/$module/src/test/resources:$path
}

fresh=no
path=
compile runner "$libraries" config/tests
fresh=no
build core
core=$path
core_is_fresh=$fresh
status=0
for module in core native-posix native-windows testing conformance examples; do
  mine=()
  for one in "${selected[@]}"; do
    [ "${one%% *}" != $module ] || mine+=("${one#* }")
  done
  [ ${#mine[@]} -gt 0 ] || continue
  path=$core
  needed=$module
  [ $module != testing ] || needed="native-posix native-windows testing"
  [ $module != examples ] || needed="native-posix native-windows testing conformance examples"
  [ $module != core ] || needed=
  for unit in $needed; do
    fresh=$core_is_fresh
    build "$unit"
  done
  echo "$module:" "${mine[@]##*.}"
  (cd "$module" && "$jdk/bin/java" -Xshare:auto --enable-native-access=ALL-UNNAMED \
    ${options[@]+"${options[@]}"} -cp "$out/runner:$path:$libraries" RunTests "${mine[@]}") || status=1
done
exit $status
