// SPDX-License-Identifier: Apache-2.0
// VideoLane's part in remembering what was decoded.
#include <stdexcept>

#include "pipeline/pass/video_lane.h"

namespace cleangate::pass {
namespace {

using probes::RandomAccess;

// A piece in the linear way: as long as a job (video_lane.cpp).
constexpr std::int64_t kIntraFrames = 8, kGopFrames = 24;
constexpr std::size_t kMostLeading = 64;  // packets

}  // namespace

void VideoLane::open_memory() {
  replay_ = Replay::open(*tuning_.memory, stream_, bench_.analyzers());
  Cut begin;
  if (replay_) {
    begin = replay_->resume();
    bench_.keep_claims(replay_->claims());
  }
  keeper_ = std::make_unique<DecodeKeeper>(*tuning_.memory, stream_.index,
                                           basis_of(stream_, bench_.analyzers()), std::move(begin),
                                           [this] { return bench_.claims(); });
  presenter_.on_settled(
      [this](const FrameRecord& frame, std::int64_t row) { keeper_->frame(frame, row); });
}

// Hands over what is remembered of the packets so far; whether this one need not be decoded.
bool VideoLane::passed_over(std::int64_t ordinal, const PacketNote& note) {
  if (!replay_) return false;
  const Cut& resume = replay_->resume();
  if (ordinal == 0) tuning_.memory->goes_on(replay_->head());
  if (ordinal == resume.packet) {
    const bool point =
        note.access == RandomAccess::closed || (note.access == RandomAccess::open && note.pts);
    if (!point || bound_ || note.encrypted)
      throw std::runtime_error("What is remembered of decoding does not fit the file");
    // The last piece may still wait for the pictures that lead this point; its turn comes first.
    if (!replay_->handed_all()) seam_turn_ = next_turn_++;
  }
  while (auto piece = replay_->due(ordinal))
    deliver(replay_->handed_all() && ordinal >= resume.packet ? seam_turn_ : next_turn_++,
            std::move(*piece));
  if (ordinal + 1 == resume.packet && replay_->handed_all()) seam_turn_ = next_turn_ - 1;
  return ordinal < resume.packet;
}

// Neither here nor later: a fresh decoder would lack what was said before.
void VideoLane::cannot_begin_anew() {
  odd_ = bound_ = true;
  pending_cut_.reset();
  if (keeper_) keeper_->no_more_cuts();
}

Cut VideoLane::cut_at(std::int64_t ordinal, const PacketNote& note) const {
  const double seconds =
      note.pts ? static_cast<double>(*note.pts) * stream_.time_base.to_double() : 0;
  return {ordinal, {}, seconds};
}

// In the linear way nothing is cut: decoding could begin anew where a job could begin.
void VideoLane::find_cut(const Item& item) {
  const PacketNote& note = item.note;
  if (!keeper_ || bound_) return;
  if (pending_cut_) lead_cut(item);
  if (note.expects_frame) ++since_cut_;
  if (since_cut_ <= (stream_.intra_only ? kIntraFrames : kGopFrames)) return;
  const bool open = note.access == RandomAccess::open && note.pts && !odd_;
  if (note.access != RandomAccess::closed && !open) return;
  since_cut_ = 1;
  if (!open) return keeper_->cut(cut_at(item.packet.ordinal, note));
  pending_cut_ = cut_at(item.packet.ordinal, note);
  key_pts_ = *note.pts;
  leading_ = false;
}

// The pictures that lead an open random-access point, until the first that does not.
void VideoLane::lead_cut(const Item& item) {
  if (!item.note.second_field) {
    if (!item.note.pts || odd_) return pending_cut_.reset();
    leading_ = *item.note.pts < key_pts_;
    if (!leading_) {
      keeper_->cut(std::move(*pending_cut_));
      return pending_cut_.reset();
    }
  }
  if (leading_) pending_cut_->leading.push_back(item.packet.ordinal);
  if (pending_cut_->leading.size() > kMostLeading) pending_cut_.reset();
}

}  // namespace cleangate::pass
