#!/usr/bin/env bash
# Puts what the image and the package need into one directory: the jar with its libraries for this platform, the native libraries
# unpacked, the launcher, the sample policies, a Java runtime of only the modules that are used, and, from a start of all this, an
# archive of the classes that a start loads. Needs the built jar and a JDK: 25 for the image, 17 or newer all the same.
# usage: docker/assemble.sh DIRECTORY [FINAL]
# The archive counts only where it was made, so what is to be moved from DIRECTORY to FINAL is to say so: it gets none, but a script
# that makes one there.
set -euo pipefail

into=${1:?usage: docker/assemble.sh DIRECTORY [FINAL]}
final=${2:-$into}
root=$(cd "$(dirname "$0")/.." && pwd)
jdk=${JAVA_HOME:?JAVA_HOME: not set (expected: a JDK, 25 for the image)}
version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$jdk/release")

# java.xml for Logback; java.desktop and java.sql are only for types that Jackson does without; jdk.unsupported has Unsafe,
# jdk.httpserver the application of the demo; the others are what jdeps finds in the jar and its libraries and what TLS and DNS load
# by name.
modules=java.base,java.logging,java.management,java.naming,java.net.http,java.security.sasl,java.xml,jdk.crypto.ec,jdk.httpserver,jdk.management,jdk.naming.dns,jdk.net,jdk.unsupported,jdk.zipfs

case $(uname -m) in
  x86_64) platform=linux-x86_64 brotli=linux-x86_64 ;;
  aarch64) platform=linux-aarch_64 brotli=linux-aarch64 ;;
  *) echo "uname -m: $(uname -m) (expected: x86_64 or aarch64)" >&2 && exit 1 ;;
esac

mkdir -p "$into/bin" "$into/native"
compress=zip-6
if [ "$version" -lt 21 ]; then compress=2; fi
"$jdk/bin/jlink" --add-modules "$modules" --strip-java-debug-attributes --no-header-files --no-man-pages \
  --compress "$compress" --output "$into/runtime"
# Two thirds of the virtual machine are symbols for debuggers.
if command -v strip >/dev/null; then find "$into/runtime/lib" -name '*.so' -exec strip --strip-unneeded {} +; fi

cp "$root/target/esper-gateway.jar" "$into/"
cp -r "$root/target/lib" "$into/lib"
# Of the libraries with native code, those of this platform are enough.
find "$into/lib" -name 'netty-*' \( -name '*-linux-*' -o -name '*-osx-*' -o -name '*-windows-*' \) ! -name "*-$platform.jar" -delete
find "$into/lib" -name 'native-linux-*' ! -name "native-$brotli-*" -delete
(
  cd "$into/native"
  for library in "$into"/lib/*-"$platform".jar; do "$jdk/bin/jar" --extract --file "$library" META-INF/native; done
  find META-INF/native -name '*.so' -exec mv {} . ';'
  rm -r META-INF
)

install -m 0755 "$root/docker/esper-gateway" "$root/docker/healthcheck" "$root/docker/archive.sh" "$into/bin/"
cp -r "$root/conf" "$into/conf"
install -m 0644 "$root/LICENSE" "$into/"
# What is in it, with licences; a build without a network has none.
if [ -f "$root/target/bom.json" ]; then
  install -m 0644 "$root/target/bom.json" "$into/sbom.json"
else
  echo "target/bom.json: not there (expected: of a build with a network, without -o); going on without" >&2
fi
if [ "$into" = "$final" ]; then "$into/bin/archive.sh"; fi
