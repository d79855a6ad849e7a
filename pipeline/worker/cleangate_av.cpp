// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <string_view>

#include "pipeline/pass/about.h"
#include "pipeline/pass/pass.h"
#include "pipeline/worker/child.h"

int main(int argc, char** argv) {
  // For `cleangate doctor`: no media is opened.
  if (argc == 2 && std::string_view(argv[1]) == "--about")
    return std::fputs(cleangate::pass::about().c_str(), stdout) < 0 || std::fflush(stdout) != 0;
  cleangate::pass::prepare();  // what opens files, before the sandbox forbids it
  return cleangate::worker::run_worker(argc, argv, &cleangate::pass::measure);
}
