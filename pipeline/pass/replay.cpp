// SPDX-License-Identifier: Apache-2.0
#include "pipeline/pass/replay.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace cleangate::pass {
namespace {

[[noreturn]] void misfit() {
  throw std::runtime_error("What is remembered of decoding does not fit the file");
}

bool is_clean(const DecodedPiece& piece) {
  return piece.errors.empty() && !piece.frames.empty() &&
         std::none_of(piece.frames.begin(), piece.frames.end(),
                      [](const FrameRecord& f) { return f.damaged || !f.unmeasured.empty(); });
}

}  // namespace

// A later piece stands for all from its first packet on.
Replay::Replay(DecodeMemory& memory, const av::StreamInfo& stream,
               const std::vector<const probes::PictureAnalyzer*>& analyzers)
    : memory_(memory),
      stream_(stream.index),
      basis_(basis_of(stream, analyzers)),
      analyzers_(analyzers) {
  for (std::size_t i = 0; i < memory.pieces().size(); ++i) {
    const PieceHead& head = memory.pieces()[i];
    if (head.stream != stream_) continue;
    while (!chain_.empty() && chain_.back().head.first >= head.first) chain_.pop_back();
    const std::int64_t reached = chain_.empty() ? 0 : chain_.back().head.end;
    const std::int64_t frames = chain_.empty() ? 0 : chain_.back().head.frame;
    if (head.first != reached || head.end <= head.first || head.frame < frames ||
        !std::isfinite(head.seconds))
      chain_.clear();
    else
      chain_.push_back({head, i});
  }
}

std::unique_ptr<Replay> Replay::open(DecodeMemory& memory, const av::StreamInfo& stream,
                                     const std::vector<const probes::PictureAnalyzer*>& analyzers) {
  std::unique_ptr<Replay> replay(new Replay(memory, stream, analyzers));
  return replay->choose_seam() ? std::move(replay) : nullptr;
}

std::optional<DecodedPiece> Replay::load(const Link& link) const {
  const auto payload = memory_.payload(link.index);
  if (!payload) return std::nullopt;
  return decode_piece(*payload, link.head, basis_, row_bytes_of(analyzers_));
}

// The last piece without damage: what was concealed may come out otherwise.
bool Replay::choose_seam() {
  for (; chain_.size() >= 2; chain_.pop_back()) {
    auto piece = load(chain_.back());
    if (!piece) return false;
    if (!is_clean(*piece)) continue;
    seam_ = std::move(*piece);
    for (std::size_t i = 0; i < seam_.frames.size(); ++i)
      remembered_.emplace(seam_.frames[i].packet, i);
    return remembered_.size() == seam_.frames.size();
  }
  return false;
}

std::optional<JobOutcome> Replay::due(std::int64_t ordinal) {
  if (handed_all() || ordinal + 1 < chain_[next_].head.end) return std::nullopt;
  if (!loaded_) {
    loaded_ = load(chain_[next_]);
    if (!loaded_ || loaded_->begin.leading != leading_) misfit();
    const std::vector<std::int64_t>& leading = loaded_->end.leading;
    if (!leading.empty() && leading.back() >= chain_[next_ + 1].head.end) misfit();
  }
  if (!loaded_->end.leading.empty() && ordinal < loaded_->end.leading.back()) return std::nullopt;
  JobOutcome outcome{std::move(loaded_->frames), std::move(loaded_->errors)};
  leading_ = std::move(loaded_->end.leading);
  loaded_.reset();
  ++next_;
  if (handed_all() && leading_ != seam_.begin.leading) misfit();
  return outcome;
}

bool Replay::same_rows(const FrameRecord& a, const FrameRecord& b) const {
  if (a.rows.size() != b.rows.size()) return false;
  std::size_t at = 0;
  for (const probes::PictureAnalyzer* analyzer : analyzers_) {
    const std::size_t size = analyzer->type->size;
    const bool own = analyzer->reads == probes::PictureAnalyzer::Reads::frame;
    if (own && !std::ranges::equal(std::span(a.rows).subspan(at, size),
                                   std::span(b.rows).subspan(at, size)))
      return false;
    at += size;
  }
  return true;
}

void Replay::compare(FrameRecord& decoded) {
  const auto found = remembered_.find(decoded.packet);
  if (found == remembered_.end()) misfit();
  const FrameRecord& kept = seam_.frames[found->second];
  if (decoded.damaged || decoded.geometry != kept.geometry || decoded.format != kept.format ||
      decoded.interlaced != kept.interlaced || decoded.top_field_first != kept.top_field_first ||
      decoded.repeat_field != kept.repeat_field || !decoded.unmeasured.empty() ||
      !same_rows(decoded, kept) || !seen_.insert(decoded.packet).second)
    misfit();
  picture_ = std::move(decoded.picture);
  pictured_ = decoded.packet;
}

void Replay::give_seam(JobOutcome& into) {
  if (seen_.size() != seam_.frames.size()) misfit();
  if (pictured_ == seam_.frames.back().packet) seam_.frames.back().picture = std::move(picture_);
  std::move(seam_.frames.begin(), seam_.frames.end(), std::back_inserter(into.frames));
  given_ = true;
}

JobOutcome Replay::join(JobOutcome decoded) {
  if (given_) return decoded;
  JobOutcome joined;
  joined.reserved = decoded.reserved;
  for (av::DecodeError& error : decoded.errors) {
    if (error.tag && seam_.owns(*error.tag)) misfit();
    joined.errors.push_back(std::move(error));
  }
  for (FrameRecord& frame : decoded.frames) {
    if (!given_ && seam_.owns(frame.packet)) {
      compare(frame);
      continue;
    }
    if (!given_) give_seam(joined);
    joined.frames.push_back(std::move(frame));
  }
  return joined;
}

JobOutcome Replay::rest() {
  JobOutcome rest;
  if (!given_ && !seen_.empty()) give_seam(rest);
  return rest;
}

}  // namespace cleangate::pass
