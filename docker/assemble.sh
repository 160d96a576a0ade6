#!/usr/bin/env bash
# Puts what the image needs into one directory: the jar with its libraries for this platform, the native libraries unpacked, the
# launcher, the sample policies, and a Java runtime of only the modules that are used. Needs a JDK 25 and the built jar.
# usage: docker/assemble.sh DIRECTORY
set -euo pipefail

into=${1:?usage: docker/assemble.sh DIRECTORY}
root=$(cd "$(dirname "$0")/.." && pwd)
jdk=${JAVA_HOME:?JAVA_HOME: not set (expected: a JDK 25)}

# java.xml for Logback; java.desktop is only for java.beans, which Jackson does without; jdk.unsupported has Unsafe; the others are what
# jdeps finds in the jar and its libraries and what TLS and DNS load by name.
modules=java.base,java.logging,java.management,java.naming,java.security.sasl,java.xml,jdk.management,jdk.naming.dns,jdk.net,jdk.unsupported,jdk.zipfs

case $(uname -m) in
  x86_64) platform=linux-x86_64 ;;
  aarch64) platform=linux-aarch_64 ;;
  *) echo "uname -m: $(uname -m) (expected: x86_64 or aarch64)" >&2 && exit 1 ;;
esac

mkdir -p "$into/bin" "$into/native"
"$jdk/bin/jlink" --add-modules "$modules" --strip-debug --no-header-files --no-man-pages --compress zip-6 --output "$into/runtime"

cp "$root/target/esper-gateway.jar" "$into/"
cp -r "$root/target/lib" "$into/lib"
# Of the libraries with native code, those of this platform are enough.
find "$into/lib" -name 'netty-*' \( -name '*-linux-*' -o -name '*-osx-*' -o -name '*-windows-*' \) ! -name "*-$platform.jar" -delete
cd "$into/native"
for library in "$into"/lib/*-"$platform".jar; do "$jdk/bin/jar" --extract --file "$library" META-INF/native; done
find META-INF/native -name '*.so' -exec mv {} . ';'
rm -r META-INF

install -m 0755 "$root/docker/esper-gateway" "$root/docker/healthcheck" "$into/bin/"
cp -r "$root/conf" "$into/conf"
install -m 0644 "$root/LICENSE" "$into/"
