// SPDX-License-Identifier: Apache-2.0
#include "pipeline/pass/pass.h"
#include "pipeline/worker/child.h"

int main(int argc, char** argv) {
  return cleangate::worker::run_worker(argc, argv, &cleangate::pass::measure);
}
