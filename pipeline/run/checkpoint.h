// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "dam/checkpoint_file.h"
#include "pipeline/worker/checkpoints.h"

namespace cleangate::run {

// What the measurement of one asset leaves, should it not come to its end, and what another left
// for it.
class Checkpoint final : public worker::Checkpoints {
 public:
  // `remark` is told where decoding goes on.
  Checkpoint(const std::string& catalog, const dam::CheckpointOf& what,
             std::chrono::milliseconds interval, std::string path,
             std::function<void(const std::string&)> remark);

  void take_up() { file_.take_up(); }
  void commit() { file_.commit(); }
  // Forgets everything, on disk too; what is kept from now on is kept anew.
  void remove();

  [[nodiscard]] bool went_on() const { return went_on_; }
  // Of all video streams, that were not decoded in this run.
  [[nodiscard]] std::int64_t frames_before() const { return frames_before_; }

  [[nodiscard]] int earlier() const override { return file_.earlier(); }
  void keep(std::span<const std::byte> block) override { file_.add(block); }
  void goes_on(const worker::PieceHead& head) override;

 private:
  dam::CheckpointFile file_;
  const std::string path_;
  const std::function<void(const std::string&)> remark_;
  bool went_on_ = false;
  std::int64_t frames_before_ = 0;
};

// "film.mxf: goes on at 00:41:07 (frame 59,215 of video stream 0)."
[[nodiscard]] std::string where_it_goes_on(const std::string& path, const worker::PieceHead& head);

}  // namespace cleangate::run
