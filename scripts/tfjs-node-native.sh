#!/bin/sh
# Builds the native addon of @tensorflow/tfjs-node where its install script cannot download anything: the addon from the npm package's own
# sources, the TensorFlow C library from the wheel of tensorflow-cpu (libtensorflow_cc.so.2 holds the C API and needs no Python).
# Then loads it and runs the tfjs tests of packages/tfjs on it.
#
#   scripts/tfjs-node-native.sh [FOLDER]        default: out/tfjs-node
#
# Needs: Linux x64, g++, unzip, npm, and pip that reaches a PyPI (about 230 MB; FOLDER takes about 1 GB); exit code 77, skipped, where one is missing.
# Tried with Node 20.20, 22.23, 24.21.
set -eu

TFJS_NODE=4.22.0
# tfjs-node asks for the C library 2.9.1. Wheels hold a C library without Python from 2.12 on; 2.15.1 is the last whose headers g++ 12 and
# the addon's sources take as they are.
TENSORFLOW=2.15.1
WHEEL_PYTHON=3.11
NODE_API_HEADERS=1.9.0

root=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:-$root/out/tfjs-node}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)

[ "$(uname -s)-$(uname -m)" = Linux-x86_64 ] || { echo "expected Linux on x86_64, got $(uname -s) on $(uname -m)" >&2; exit 77; }
for tool in g++ unzip npm node pip; do
  command -v "$tool" >/dev/null || { echo "expected $tool on the path, got none" >&2; exit 77; }
done

headers=
for candidate in "${NODE_HEADERS:-}" "$(node -p 'path.resolve(process.execPath, "../../include/node")')" /usr/include/node; do
  if [ -n "$candidate" ] && [ -f "$candidate/node_api.h" ]; then headers=$candidate; break; fi
done

echo "1. npm: @tensorflow/tfjs-node $TFJS_NODE, its install script left out"
cd "$folder"
[ -f package.json ] || echo '{ "private": true, "type": "module" }' > package.json
npm install --ignore-scripts --no-audit --no-fund --silent "@tensorflow/tfjs-node@$TFJS_NODE" "@tensorflow/tfjs@$TFJS_NODE"
if [ -z "$headers" ]; then
  # Only these few headers are needed, not Node's own.
  npm install --ignore-scripts --no-audit --no-fund --silent "node-api-headers@$NODE_API_HEADERS"
  headers=$folder/node_modules/node-api-headers/include
fi

echo "2. PyPI: tensorflow-cpu $TENSORFLOW, for its C library and headers"
if [ ! -f tensorflow/libtensorflow_cc.so.2 ]; then
  pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: --python-version "$WHEEL_PYTHON" \
    --platform manylinux2014_x86_64 --dest . "tensorflow-cpu==$TENSORFLOW" ||
    { echo "expected tensorflow-cpu $TENSORFLOW from PyPI, got none" >&2; exit 77; }
  unzip -q -o "tensorflow_cpu-$TENSORFLOW"-*.whl \
    'tensorflow/include/tensorflow/*' 'tensorflow/include/tsl/*' 'tensorflow/include/xla/*' 'tensorflow/libtensorflow*'
  rm -f "tensorflow_cpu-$TENSORFLOW"-*.whl
fi

echo "3. g++: the addon's two sources, against both"
package=$folder/node_modules/@tensorflow/tfjs-node
addon=$package/lib/napi-v8
mkdir -p "$addon" "$package/deps/lib"
for library in libtensorflow_cc.so.2 libtensorflow_framework.so.2; do
  ln -sf "$folder/tensorflow/$library" "$package/deps/lib/$library"
done
g++ -std=c++17 -O2 -fPIC -shared -w -DNAPI_VERSION=8 \
  -I"$headers" -I"$folder/tensorflow/include" -I"$package" \
  "$package/binding/tfjs_backend.cc" "$package/binding/tfjs_binding.cc" -o "$addon/tfjs_binding.node" \
  -L"$package/deps/lib" -l:libtensorflow_cc.so.2 -l:libtensorflow_framework.so.2 \
  '-Wl,-rpath,$ORIGIN/../../deps/lib'

echo "4. node: loads it, and runs the tests on it"
cd "$root"
TF_CPP_MIN_LOG_LEVEL=2 MCLNN_TFJS_NODE="$package" node_modules/.bin/vitest run --project tfjs
