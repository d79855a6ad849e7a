// SPDX-License-Identifier: Apache-2.0
#include "pipeline/pass/presenter.h"

#include <algorithm>
#include <cstring>
#include <limits>

namespace cleangate::pass {
namespace {

using probes::FrameTimeRow;
using probes::RandomAccess;

// H.264 and HEVC hold back 16 frames at most: that far a frame may come out from where its packet
// stands, whatever the clock says.
constexpr std::int64_t kReorder = 20;
// A frame is settled when this many later ones are known, so that what is taken for missing does
// not depend on how far decoding has come.
constexpr std::size_t kFramesAhead = 2 * kReorder;
constexpr std::int64_t kPacketsKept = 160;
constexpr std::size_t kMostWaiting = 100'000;
constexpr std::size_t kRowsAtOnce = 64;
constexpr std::size_t kErrorsKept = 1000, kErrorsPerPacket = 8;

// How much later a time is than a slot; nothing where it has none or the difference no 64 bits.
std::optional<std::int64_t> behind(std::int64_t time, std::optional<std::int64_t> slot) {
  std::int64_t difference = 0;
  if (!slot || __builtin_sub_overflow(time, *slot, &difference)) return std::nullopt;
  return difference;
}

}  // namespace

Presenter::Presenter(SinkGate& gate, int stream,
                     std::vector<const probes::PictureAnalyzer*> analyzers)
    : gate_(gate),
      stream_(stream),
      analyzers_(std::move(analyzers)),
      picture_rows_(analyzers_.size()) {}

void Presenter::expect(const PacketNote& note) {
  const std::lock_guard lock(mutex_);
  const std::int64_t ordinal = first_packet_ + static_cast<std::int64_t>(packets_.size());
  if (!note.second_field) ++pictures_;
  packets_.push_back(
      {note, std::max<std::int64_t>(0, pictures_ - 1), false, false, note.corrupt, false, {}});
  const bool gives_frame = note.expects_frame || (note.unknown && !note.encrypted);
  if (gives_frame) slots_.push_back(note.dts);
  if (note.corrupt) packets_.back().errors.insert("The demuxer flagged the packet as corrupt.");
  if (note.encrypted) packets_.back().errors.insert("The packet is encrypted.");
  if (note.damaged) {
    packets_.back().damaged = true;
    packets_.back().errors.insert("The packet is damaged: a checksum of its own does not fit.");
    if (note.referenced) spreading_.insert(ordinal);
  }
  if (note.lacks_references) {  // later ones lack them too
    packets_.back().damaged = true;
    packets_.back().errors.insert("Pictures that it is predicted from are missing.");
    spreading_.insert(ordinal);
  }
  if (note.corrupt && note.referenced) spreading_.insert(ordinal);
  if (note.access != RandomAccess::none) {
    accesses_.push_back({ordinal, note.pts, note.access});
    if (!first_access_) first_access_ = accesses_.back();
  }
  settle_ready();
  forget_unanswered();
}

// A decoder that gives nothing out is not waited for beyond this many packets: the oldest frame is
// missing.
void Presenter::forget_unanswered() {
  if (packets_.size() <= kMostWaiting || !queue_.empty()) return;
  Packet& oldest = packets_.front();
  if (lacks_frame(oldest)) {
    oldest.settled = oldest.missed = true;
    write_missing(first_packet_, oldest);
  }
  packets_.pop_front();
  ++first_packet_;
  while (slots_.size() > kMostWaiting) slots_.pop_front();
  forget_accesses();
}

Presenter::Packet* Presenter::packet(std::int64_t ordinal) {
  const std::int64_t at = ordinal - first_packet_;
  if (at < 0 || at >= static_cast<std::int64_t>(packets_.size())) return nullptr;
  return &packets_[static_cast<std::size_t>(at)];
}

// An error belongs to the frame that its packet gives; of a second field, to the frame it
// completes.
void Presenter::blame(av::DecodeError error) {
  Packet* from = error.tag ? packet(*error.tag) : nullptr;
  while (from && from->note.second_field) from = packet(--*error.tag);
  if (from) {
    from->damaged = true;
    if (from->note.referenced) spreading_.insert(*error.tag);
  }
  if (from && (from->note.expects_frame || from->note.unknown)) {
    from->errors.insert(std::move(error.text));
    if (from->errors.size() > kErrorsPerPacket) from->errors.erase(std::prev(from->errors.end()));
    return;
  }
  if (!without_frame_ || error < *without_frame_) without_frame_ = std::move(error);
}

bool Presenter::lacks_frame(const Packet& packet) {
  const bool due = packet.note.expects_frame || (packet.note.unknown && !packet.errors.empty());
  return due && !packet.given && !packet.settled;
}

void Presenter::append(std::vector<FrameRecord> frames, std::vector<av::DecodeError> errors) {
  const std::lock_guard lock(mutex_);
  for (av::DecodeError& error : errors) blame(std::move(error));
  for (FrameRecord& frame : frames) {
    if (Packet* from = packet(frame.packet); from && frame.damaged) {
      from->damaged = true;
      if (from->note.referenced) spreading_.insert(frame.packet);
    }
    queue_.push_back(std::move(frame));
  }
  settle_ready();
}

void Presenter::finish() {
  const std::lock_guard lock(mutex_);
  ended_ = true;
  settle_ready();
  settle_missing(nullptr);
  flush();
}

Presenter::Outcome Presenter::outcome() const {
  const std::lock_guard lock(mutex_);
  Outcome outcome = outcome_;
  outcome.formats = formats_.formats();
  outcome.errors_total = outcome.damaged;
  // The damage of pictures that are never presented shows in others alone.
  if (outcome.errors.empty() && first_inherited_)
    outcome.errors.push_back(
        {stream_, first_inherited_, "Pictures that this one is predicted from are damaged."});
  // What no frame shows; with threads libav does not tell how often.
  if (outcome.damaged == 0 && without_frame_) {
    outcome.errors_total = 1;
    outcome.errors.push_back({stream_, std::nullopt, without_frame_->text});
  }
  return outcome;
}

void Presenter::settle_ready() {
  while (!queue_.empty() && (ended_ || queue_.size() > kFramesAhead)) {
    look_ahead();
    const std::int64_t row = outcome_.frames;
    settle(queue_.front());
    if (settled_) settled_(queue_.front(), row);
    queue_.pop_front();
    --marked_;
    forget_settled();
  }
}

void Presenter::look_ahead() {
  const std::size_t until = std::min(queue_.size(), kFramesAhead + 1);
  for (; marked_ < until; ++marked_) {
    Packet* from = packet(queue_[marked_].packet);
    if (!from) continue;
    from->given = true;
    newest_given_ = std::max(newest_given_, from->picture);
  }
  if (queue_.size() <= kFramesAhead) newest_given_ = kNone;  // no more will come
}

void Presenter::settle(FrameRecord& frame) {
  Packet* from = packet(frame.packet);
  if (!from) return;  // a decoder that invents tags: nothing can be said of this frame
  settle_missing(from);
  if (from->missed) return;  // long after its turn; its row is there
  const bool inherited = inherits_damage(frame.packet, *from);
  FrameTimeRow row = time_row(frame.packet, *from);
  if (from->damaged || inherited || frame.damaged) row.flags |= FrameTimeRow::kDamaged;
  if (!frame.unmeasured.empty()) row.flags |= FrameTimeRow::kDamaged;
  if (frame.interlaced) row.flags |= FrameTimeRow::kInterlaced;
  if (frame.top_field_first) row.flags |= FrameTimeRow::kTopFieldFirst;
  if (frame.repeat_field) row.flags |= FrameTimeRow::kRepeatField;
  row.geometry = frame.geometry;
  if (from->damaged || frame.damaged)
    report(outcome_.frames, *from, "The decoder concealed damage in this picture.");
  else if (inherited && !first_inherited_)
    first_inherited_ = outcome_.frames;
  if (!frame.unmeasured.empty()) report(outcome_.frames, Packet{}, frame.unmeasured);
  // What is damaged may have any form; what is not presented has none that matters.
  if (!(row.flags & (FrameTimeRow::kDamaged | FrameTimeRow::kUnpresented)))
    formats_.see(frame.format, from->note.format, outcome_.presented);
  write(frame, row);
  previous_ = (row.flags & FrameTimeRow::kDamaged) ? FrameRecord::kAlone : frame.packet;
  from->settled = true;
}

// A packet whose frame should come out before that of `next` (null: the stream has ended). Times
// tell the order only among packets that lie close together: a clock may jump or stand still, and
// what comes out is the decoder's order anyway.
bool Presenter::is_due(const Packet& lost, const Packet* next) const {
  if (!next) return true;
  if (newest_given_ != kNone && lost.picture + kReorder > newest_given_) return false;
  if (lost.picture + kReorder < next->picture) return true;
  if (!lost.note.pts || !next->note.pts) return lost.picture < next->picture;
  return *lost.note.pts < *next->note.pts && lost.picture <= next->picture + kReorder;
}

// Frames that should have come out before that of `next` and did not.
void Presenter::settle_missing(const Packet* next) {
  std::vector<std::int64_t> missing;
  bool timed = true;
  for (std::size_t i = 0; i < packets_.size(); ++i) {
    const Packet& packet = packets_[i];
    if (next && packet.picture > next->picture + kReorder) break;
    if (!lacks_frame(packet) || !is_due(packet, next)) continue;
    missing.push_back(first_packet_ + static_cast<std::int64_t>(i));
    timed = timed && packet.note.pts;
  }
  if (timed)
    std::stable_sort(missing.begin(), missing.end(), [this](std::int64_t a, std::int64_t b) {
      return *packet(a)->note.pts < *packet(b)->note.pts;
    });
  for (const std::int64_t ordinal : missing) {
    Packet& lost = *packet(ordinal);
    lost.settled = lost.missed = true;
    if (!never_presented(ordinal, lost)) write_missing(ordinal, lost);
  }
}

// Leading pictures of the first random-access point belong to a predecessor that is not in the
// file: no decoder can give them and no player presents them. Without times they are those behind
// an open point of which the decoder makes nothing, without a word, until the first picture that
// follows it.
bool Presenter::never_presented(std::int64_t ordinal, const Packet& lost) const {
  if (!first_access_ || ordinal <= first_access_->packet) return false;
  if (first_access_->pts && lost.note.pts) return *lost.note.pts < *first_access_->pts;
  if (first_access_->kind != RandomAccess::open || !lost.errors.empty()) return false;
  for (std::int64_t before = first_access_->packet + 1; before < ordinal; ++before) {
    const std::int64_t at = before - first_packet_;
    if (at < 0 || packets_[static_cast<std::size_t>(at)].given) return false;
  }
  return true;
}

void Presenter::write_missing(std::int64_t ordinal, Packet& lost) {
  lost.damaged = true;
  if (lost.note.referenced) spreading_.insert(ordinal);
  FrameTimeRow row = time_row(ordinal, lost);
  row.flags |= FrameTimeRow::kDamaged;
  report(outcome_.frames, lost, "The decoder gave no picture for this packet.");
  FrameRecord none;
  write(none, row);
  previous_ = FrameRecord::kAlone;
}

// One entry a frame: how many lines libav says of it depends on its threads.
void Presenter::report(std::int64_t row, const Packet& from, const std::string& otherwise) {
  if (outcome_.errors.size() >= kErrorsKept) return;
  std::string text;
  for (const std::string& line : from.errors) text += (text.empty() ? "" : "; ") + line;
  if (text.empty()) text = otherwise;
  outcome_.errors.push_back({stream_, row, std::move(text)});
}

bool Presenter::inherits_damage(std::int64_t ordinal, const Packet& from) const {
  if (spreading_.empty()) return false;
  // The random-access point that this frame decodes from.
  std::int64_t root = 0;
  int refreshes = 0;
  for (auto access = accesses_.rbegin(); access != accesses_.rend(); ++access) {
    if (access->packet > ordinal) continue;
    const bool leading = access->packet < ordinal && access->kind == RandomAccess::open &&
                         from.note.pts && access->pts && *from.note.pts < *access->pts;
    if (leading) continue;  // it refers to pictures before this point as well
    if (access->kind == RandomAccess::gradual && ++refreshes < 2) continue;
    root = access->packet;
    break;
  }
  const auto damaged = spreading_.lower_bound(root);
  return damaged != spreading_.end() && *damaged < ordinal;
}

// Of the frame that gets its row now.
std::int64_t Presenter::inferred_pts() {
  if (!delay_) delay_ = delay_ahead();
  std::int64_t pts = 0;
  if (!slots_.empty() && slots_.front() &&
      !__builtin_add_overflow(*slots_.front(), delay_.value_or(0), &pts) &&
      (!any_row_ || pts > last_pts_))
    return pts;
  if (!any_row_) return 0;
  const bool endless =
      __builtin_add_overflow(last_pts_, std::max<std::int64_t>(1, last_duration_), &pts);
  return endless ? last_pts_ : pts;
}

// As the first of the next frames that has a pts tells it.
std::optional<std::int64_t> Presenter::delay_ahead() const {
  const std::size_t until = std::min({queue_.size(), slots_.size(), kFramesAhead});
  for (std::size_t i = 0; i < until; ++i) {
    const std::int64_t at = queue_[i].packet - first_packet_;
    if (at < 0 || at >= static_cast<std::int64_t>(packets_.size())) continue;
    const PacketNote& note = packets_[static_cast<std::size_t>(at)].note;
    if (note.pts && slots_[i]) return behind(*note.pts, slots_[i]);
  }
  return std::nullopt;
}

FrameTimeRow Presenter::time_row(std::int64_t ordinal, const Packet& from) {
  FrameTimeRow row;
  row.duration = from.note.duration;
  if (const Packet* next = packet(ordinal + 1); next && next->note.second_field)
    row.duration += next->note.duration;
  if (from.note.pts) {
    row.pts = *from.note.pts;
    if (!slots_.empty()) delay_ = behind(row.pts, slots_.front());
  } else {
    row.flags |= FrameTimeRow::kNoPts;
    row.pts = inferred_pts();
  }
  if (!slots_.empty()) slots_.pop_front();
  if (from.note.discard) row.flags |= FrameTimeRow::kUnpresented;
  if (from.note.key) row.flags |= FrameTimeRow::kKey;
  any_row_ = true;
  last_pts_ = row.pts;
  last_duration_ = row.duration;
  return row;
}

void Presenter::write(FrameRecord& frame, const FrameTimeRow& row) {
  const bool damaged = row.flags & FrameTimeRow::kDamaged;
  const bool alone =
      !frame.finished && (previous_ == FrameRecord::kAlone || frame.compared_with != previous_);
  const auto* bytes = reinterpret_cast<const std::byte*>(&row);
  time_rows_.insert(time_rows_.end(), bytes, bytes + sizeof row);
  std::size_t at = 0;
  for (std::size_t i = 0; i < analyzers_.size(); ++i) {
    const probes::PictureAnalyzer& analyzer = *analyzers_[i];
    std::vector<std::byte>& rows = picture_rows_[i];
    rows.resize(rows.size() + analyzer.type->size);
    const std::span<std::byte> into = std::span(rows).last(analyzer.type->size);
    if (damaged || at + into.size() > frame.rows.size()) {
      analyzer.damaged(into);
    } else {
      const std::span<std::byte> own = std::span(frame.rows).subspan(at, into.size());
      if (alone && analyzer.alone) analyzer.alone(own);
      std::memcpy(into.data(), own.data(), into.size());
    }
    at += into.size();
  }
  ++outcome_.frames;
  if (!(row.flags & FrameTimeRow::kUnpresented)) ++outcome_.presented;
  if (damaged) ++outcome_.damaged;
  gate_.frames_done(1);
  if (time_rows_.size() >= kRowsAtOnce * sizeof row) flush();
}

void Presenter::flush() {
  if (gate_.wants(FrameTimeRow::kType.name))
    gate_.rows({stream_,
                -1,
                -1,
                -1,
                std::string(FrameTimeRow::kType.name),
                FrameTimeRow::kType.version,
                {}},
               time_rows_);
  time_rows_.clear();
  for (std::size_t i = 0; i < analyzers_.size(); ++i) {
    const probes::RowType& type = *analyzers_[i]->type;
    gate_.rows({stream_, -1, -1, -1, std::string(type.name), type.version, {}}, picture_rows_[i]);
    picture_rows_[i].clear();
  }
}

void Presenter::forget_settled() {
  // What may still be looked at: packets since the random-access point before the last.
  const std::int64_t oldest = queue_.empty() ? 0 : queue_.front().packet - kPacketsKept;
  while (!packets_.empty() && first_packet_ < oldest && !lacks_frame(packets_.front())) {
    packets_.pop_front();
    ++first_packet_;
  }
  forget_accesses();
}

void Presenter::forget_accesses() {
  while (accesses_.size() > 4 && accesses_[3].packet < first_packet_) accesses_.pop_front();
  if (!accesses_.empty()) {
    const std::int64_t keep = std::min(accesses_.front().packet, first_packet_);
    spreading_.erase(spreading_.begin(), spreading_.lower_bound(keep));
  }
}

}  // namespace cleangate::pass
