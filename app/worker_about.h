// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/error.h"
#include "pipeline/worker/client.h"

namespace cleangate::app {

struct CodecAbility {
  std::string name;  // libav's decoder name
  bool available = false;
};

// What `cleangate-av --about` says of itself.
struct WorkerAbout {
  std::string executable;
  std::vector<std::string> libraries;  // "libavcodec 59.37.100"
  std::vector<CodecAbility> codecs;    // those that masters and deliverables use
};

// Runs the worker for its self-description (no media is opened).
[[nodiscard]] Expected<WorkerAbout> ask_worker(const worker::WorkerOptions& options);

// Reads the lines "library NAME VERSION" and "decoder NAME yes|no"; other lines are left out.
[[nodiscard]] WorkerAbout parse_worker_about(const std::string& text);

}  // namespace cleangate::app
