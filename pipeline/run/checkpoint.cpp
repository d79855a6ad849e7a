// SPDX-License-Identifier: Apache-2.0
#include "pipeline/run/checkpoint.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/text.h"

namespace cleangate::run {
namespace {

std::string grouped(std::int64_t number) {
  std::string digits = std::to_string(number);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), 1, ',');
  return digits;
}

}  // namespace

std::string where_it_goes_on(const std::string& path, const worker::PieceHead& head) {
  const auto seconds = static_cast<std::int64_t>(std::clamp(head.seconds, 0.0, 3.6e6));
  return fmt::format("{}: goes on at {:02}:{:02}:{:02} (frame {} of video stream {}).",
                     readable(path), seconds / 3600, seconds / 60 % 60, seconds % 60,
                     grouped(head.frame), head.stream);
}

Checkpoint::Checkpoint(const std::string& catalog, const dam::CheckpointOf& what,
                       std::chrono::milliseconds interval, std::string path,
                       std::function<void(const std::string&)> remark)
    : file_(catalog, what, interval), path_(std::move(path)), remark_(std::move(remark)) {}

void Checkpoint::remove() {
  file_.remove();
  went_on_ = false;
  frames_before_ = 0;
}

void Checkpoint::goes_on(const worker::PieceHead& head) {
  went_on_ = true;
  frames_before_ += head.frame;
  remark_(where_it_goes_on(path_, head));
}

}  // namespace cleangate::run
