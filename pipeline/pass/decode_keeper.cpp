// SPDX-License-Identifier: Apache-2.0
#include "pipeline/pass/decode_keeper.h"

#include <algorithm>

namespace cleangate::pass {
namespace {

// A piece that grows over this has no cut near enough to be worth remembering.
constexpr std::size_t kMostBytes = std::size_t{8} << 20;
constexpr std::size_t kMostErrors = 1000;

bool leads(const Cut& cut, std::int64_t packet) {
  return std::binary_search(cut.leading.begin(), cut.leading.end(), packet);
}

}  // namespace

DecodeKeeper::DecodeKeeper(DecodeMemory& memory, int stream, const Sha256& basis, Cut begin,
                           std::function<probes::VideoClaims()> claims)
    : memory_(memory),
      stream_(stream),
      basis_(basis),
      origin_(std::move(begin)),
      claims_(std::move(claims)) {
  piece_.begin = origin_;
}

bool DecodeKeeper::before(const Cut& cut, std::int64_t packet) const {
  return packet < cut.packet || leads(cut, packet);
}

bool DecodeKeeper::before_begin(std::int64_t packet) const { return before(piece_.begin, packet); }

void DecodeKeeper::stop() {
  stopped_ = true;
  piece_ = {};
  cuts_.clear();
}

void DecodeKeeper::cut(Cut cut) {
  const std::lock_guard lock(mutex_);
  if (stopped_ || !cutting_) return;
  const std::int64_t last = cuts_.empty() ? piece_.begin.packet : cuts_.back().packet;
  if (cut.packet <= last) return;
  const bool late = std::any_of(piece_.frames.begin(), piece_.frames.end(),
                                [&](const FrameRecord& f) { return !before(cut, f.packet); });
  if (!late) cuts_.push_back(std::move(cut));
}

void DecodeKeeper::no_more_cuts() {
  const std::lock_guard lock(mutex_);
  cutting_ = false;
}

void DecodeKeeper::errors(const std::vector<av::DecodeError>& errors) {
  const std::lock_guard lock(mutex_);
  for (const av::DecodeError& error : errors) {
    if (stopped_) return;
    if (error.tag && before(origin_, *error.tag)) continue;
    if (error.tag && before_begin(*error.tag)) return stop();
    if (piece_.errors.size() >= kMostErrors || error.text.size() > kLongestText) return stop();
    piece_.errors.push_back(error);
  }
}

void DecodeKeeper::frame(const FrameRecord& frame, std::int64_t row) {
  const std::lock_guard lock(mutex_);
  if (stopped_ || before(origin_, frame.packet)) return;
  if (before_begin(frame.packet)) return stop();
  while (!cuts_.empty() && !before(cuts_.front(), frame.packet)) {
    emit(cuts_.front());
    cuts_.pop_front();
  }
  if (!std::exchange(numbered_, true)) piece_.frame = row;
  bytes_ += frame.rows.size() + 64;
  if (bytes_ > kMostBytes) return stop();
  piece_.frames.push_back(frame);
  piece_.frames.back().picture.reset();
}

// Errors of later packets may have come already: they stay for the next piece.
void DecodeKeeper::emit(const Cut& end) {
  std::vector<av::DecodeError> later;
  std::erase_if(piece_.errors, [&](av::DecodeError& error) {
    if (!error.tag || before(end, *error.tag)) return false;
    later.push_back(std::move(error));
    return true;
  });
  piece_.end = end;
  piece_.claims = claims_();
  const std::int64_t rows = piece_.frame;
  memory_.keep(piece_.head(stream_), encode(piece_, basis_));
  piece_ = {};
  piece_.begin = end;
  piece_.frame = rows;  // where no frame comes of it
  piece_.errors = std::move(later);
  bytes_ = 0;
  numbered_ = false;
}

}  // namespace cleangate::pass
