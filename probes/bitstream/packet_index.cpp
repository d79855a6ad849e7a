// SPDX-License-Identifier: Apache-2.0
#include "probes/bitstream/packet_index.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "probes/bitstream/rate_grid.h"

namespace cleangate::probes {
namespace {

using Wide = __int128;
constexpr std::int64_t kNone = std::numeric_limits<std::int64_t>::min();
// Times beyond this are noise: differences of two still fit 64 bits.
constexpr std::int64_t kFarthest = std::int64_t{1} << 61;
constexpr std::uint8_t kNoFrame = 4;  // hidden, or a second field
constexpr std::uint8_t kDiscard = 8;  // decoded, never presented
constexpr std::uint8_t kUnseen = kNoFrame | kDiscard;
constexpr int kConstantRatePercent = 10;

std::int64_t stored(const std::optional<std::int64_t>& time) {
  return time && *time > -kFarthest && *time < kFarthest ? *time : kNone;
}

RandomAccess access_of(std::uint8_t flags) { return static_cast<RandomAccess>(flags & 3); }

bool is_access_point(std::uint8_t flags) {
  return access_of(flags) == RandomAccess::closed || access_of(flags) == RandomAccess::open;
}

}  // namespace

PacketIndex::PacketIndex(StreamKind kind, Rational time_base)
    : kind_(kind), time_base_(time_base) {}

// Ticks. Muxers stretch the packet before a hole over it: its own header knows better. Where no
// packet states how long it lasts (AAC in Matroska) and no header tells, the shortest step has to.
std::int64_t PacketIndex::sound_length(const PacketView& packet,
                                       const std::optional<Rational>& own) const {
  const bool stated = packet.duration > 0 && packet.duration < kFarthest;
  const auto exact = own ? checked_div(*own, time_base_) : Expected<Rational>(Rational(0));
  const std::int64_t ticks = exact && *exact < Rational(kFarthest) ? exact->round() : 0;
  if (ticks > 0) return stated ? std::min(ticks, packet.duration) : ticks;
  return stated ? packet.duration : least_step_.value_or(0);
}

void PacketIndex::note_gap(const PacketView& packet, const std::optional<Rational>& own) {
  const std::int64_t pts = stored(packet.pts);
  if (packet.discard && pts != kNone && sound_pts_ && pts <= *sound_pts_) ++dropped_;
  if (pts != kNone && sound_pts_ && pts > *sound_pts_)
    least_step_ = std::min(least_step_.value_or(kFarthest), pts - *sound_pts_);
  const std::int64_t length = sound_length(packet, own);
  // Muxers that write no edit list hold the first packet until the pictures begin.
  const bool behind_first = packets_.size() == 1;
  if (pts != kNone && sound_end_ && length > 0 && !behind_first && pts < kFarthest - *sound_end_) {
    const std::int64_t gap = pts - *sound_end_;
    if (gap > 1 && gap >= length - length / 4 && gap < kFarthest - gap_ticks_) {
      gap_ticks_ += gap;
      if (!first_gap_) first_gap_ = *sound_end_;
    }
  }
  sound_end_.reset();
  sound_pts_.reset();
  if (pts == kNone) return;
  sound_pts_ = pts;
  if (length > 0) sound_end_ = pts + length;
}

void PacketIndex::add(const PacketView& packet, const PacketClass& classified) {
  Packet entry{};
  entry.pts = stored(packet.pts);
  entry.dts = stored(packet.dts);
  entry.size = static_cast<std::uint32_t>(
      std::min<std::size_t>(packet.bytes.size(), std::numeric_limits<std::uint32_t>::max()));
  entry.picture = classified.picture;
  entry.flags = static_cast<std::uint8_t>(classified.access);
  if (classified.hidden || classified.second_field) entry.flags |= kNoFrame;
  if (packet.discard) entry.flags |= kDiscard;
  if (entry.dts != kNone) {
    if (last_dts_ && entry.dts < *last_dts_) {
      backward_dts_ = true;
      const auto back = checked_mul(Rational(*last_dts_ - entry.dts), time_base_);
      if (!restart_ && (!back || *back >= Rational(1)))
        restart_ = static_cast<std::int64_t>(packets_.size());
    }
    last_dts_ = entry.dts;
  }
  const std::int64_t time = entry.pts != kNone ? entry.pts : entry.dts;
  if (time != kNone && (!last_pts_ || time >= *last_pts_) && !classified.second_field) {
    last_pts_ = time;
    last_duration_ = packet.duration > 0 && packet.duration < kFarthest ? packet.duration : 0;
  }
  if (kind_ == StreamKind::audio) note_gap(packet, classified.sound);
  payload_bytes_ += static_cast<std::int64_t>(packet.bytes.size());
  packets_.push_back(entry);
}

// Where B pictures have a pts, the same as their dts, and the others have none (MPEG-2 and MPEG-4
// in AVI, ASF and bare streams), each of the others is shown when the next of them is decoded.
// Empty where that gives no times of their own to all.
std::vector<std::int64_t> PacketIndex::shown_behind() const {
  std::vector<std::int64_t> times;
  const Packet* waiting = nullptr;
  std::int64_t latest = kNone;
  for (const Packet& packet : packets_) {
    if (packet.flags & kUnseen) continue;
    latest = std::max(latest, packet.dts);
    if (packet.pts != kNone) times.push_back(packet.pts);
    if (packet.pts != kNone && packet.pts <= packet.dts) continue;
    if (waiting) times.push_back(packet.dts);
    waiting = packet.pts == kNone ? &packet : nullptr;
  }
  if (times.empty()) return times;
  std::sort(times.begin(), times.end());
  if (waiting) {
    const std::int64_t step = times.size() > 1 ? times.back() - times[times.size() - 2] : 1;
    times.push_back(std::max(latest, times.back()) + std::max<std::int64_t>(1, step));
  }
  if (std::adjacent_find(times.begin(), times.end()) != times.end()) times.clear();
  return times;
}

// Presentation times of the frames, ascending; empty when some frame has neither pts nor dts.
std::vector<std::int64_t> PacketIndex::frame_times(bool& missing) const {
  // ASF gives the very first frame a pts, and no other: that tells nothing of B pictures.
  bool all_pts = true, all_dts = true, any_pts = false;
  std::optional<std::int64_t> delay;  // of the first frame: the dts run ahead of the pts by it
  for (const Packet& packet : packets_) {
    if (packet.flags & kUnseen) continue;
    any_pts |= delay && packet.pts != kNone;
    if (!delay) delay = packet.pts != kNone && packet.dts != kNone ? packet.pts - packet.dts : 0;
    all_pts &= packet.pts != kNone;
    all_dts &= packet.dts != kNone;
  }
  missing = !all_pts;
  std::vector<std::int64_t> times;
  if (!all_pts && !all_dts) return times;
  if (missing && any_pts) {
    times = shown_behind();
    if (!times.empty()) return times;
  }
  times.reserve(packets_.size());
  for (const Packet& packet : packets_)
    if (!(packet.flags & kUnseen)) times.push_back(all_pts ? packet.pts : packet.dts);
  std::sort(times.begin(), times.end());
  if (missing)
    for (std::int64_t& time : times) time += delay.value_or(0);
  return times;
}

PacketIndex::Timing PacketIndex::timing(std::optional<Window> presented,
                                        std::optional<Rational> nominal) const {
  Timing timing;
  timing.backward_dts = backward_dts_;
  timing.restart = restart_;
  timing.gap_ticks = gap_ticks_;
  timing.first_gap = first_gap_;
  timing.dropped = dropped_;
  // Of sound not what a muxer stretched it to: at most the shortest step.
  timing.last_ticks = std::min(last_duration_, least_step_.value_or(0));
  std::int64_t first_dts = kFarthest, last_dts = kNone;
  for (const Packet& packet : packets_) {
    if (packet.dts == kNone) continue;
    first_dts = std::min(first_dts, packet.dts);
    last_dts = std::max(last_dts, packet.dts);
  }
  if (last_dts != kNone) timing.decoding_ticks = last_dts - first_dts;
  const auto frames = std::count_if(packets_.begin(), packets_.end(),
                                    [](const Packet& p) { return !(p.flags & kUnseen); });
  std::vector<std::int64_t> times = frame_times(timing.missing_pts);
  if (presented && !timing.missing_pts) {
    const auto outside = [&](std::int64_t t) {
      return t < presented->start || t >= presented->end;
    };
    times.erase(std::remove_if(times.begin(), times.end(), outside), times.end());
  }
  const bool timed = !times.empty() || frames == 0;
  const bool video = kind_ == StreamKind::video;
  if (video) {
    timing.frame_count = timed ? static_cast<std::int64_t>(times.size()) : std::int64_t{frames};
    timing.frame_rate = Fact<Rational>::of(nominal);
    timing.mode = Fact<RateMode>::unknown();
  }
  GridFit fit;
  if (video && times.size() >= 2) {
    fit = fit_rate_grid(times, time_base_, nominal);
    timing.mode = fit.constant ? RateMode::constant : RateMode::variable;
    if (fit.constant) timing.frame_rate = Fact<Rational>::of(fit.rate);
    timing.deviations = std::move(fit.deviations);
  }
  if (times.empty()) return timing;
  timing.first_pts = times.front();
  std::int64_t end = times.back();
  const auto rate = fit.rate ? fit.rate : nominal;
  // Without pts the durations are guesses as well.
  const bool guessed = timing.missing_pts && fit.constant && fit.rate;
  if (last_duration_ > 0 && !guessed && (last_pts_ == end || timing.missing_pts)) {
    end += last_duration_;
  } else if (rate && rate->num() > 0) {
    if (const auto ticks = checked_mul(*rate, time_base_); ticks && ticks->num() > 0)
      end += Rational(ticks->den(), ticks->num()).round();
  }
  if (presented && !timing.missing_pts) end = std::min(end, presented->end);
  timing.end_pts = end;
  return timing;
}

// Longest run of B pictures in presentation order, or in decode order where pts are missing.
std::int64_t PacketIndex::longest_b_run() const {
  std::vector<std::pair<std::int64_t, char>> pictures;
  bool timed = true;
  for (const Packet& packet : packets_) {
    if (packet.flags & kNoFrame) continue;
    timed &= packet.pts != kNone;
    pictures.emplace_back(packet.pts, packet.picture);
  }
  if (timed)
    std::stable_sort(pictures.begin(), pictures.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
  std::int64_t longest = 0, run = 0;
  for (const auto& [time, picture] : pictures) {
    run = picture == 'B' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

Fact<Gop> PacketIndex::gop() const {
  if (kind_ != StreamKind::video) return {};
  Gop gop;
  gop.intra_only = true;
  std::int64_t length = 0, points = 0, total = 0;
  const Packet* point = nullptr;
  bool settled = true;  // of the current access point: its leading pictures have passed
  for (const Packet& packet : packets_) {
    const bool frame = !(packet.flags & kNoFrame);
    if (frame && packet.picture == '?') return Fact<Gop>::unknown();
    if (frame && packet.picture != 'I') gop.intra_only = false;
    if (is_access_point(packet.flags)) {
      gop.length_max = std::max(gop.length_max, length);
      total += length;
      length = 0;
      ++points;
      point = &packet;
      settled = false;
    } else if (point && frame && !settled && access_of(point->flags) == RandomAccess::open) {
      const bool timed = packet.pts != kNone && point->pts != kNone;
      const bool leading = timed ? packet.pts < point->pts : packet.picture == 'B';
      if (leading) gop.closed = false;
      if (!timed && !leading) settled = true;
    }
    if (frame && points > 0) ++length;
  }
  if (points == 0) return Fact<Gop>::unknown();
  gop.length_max = std::max(gop.length_max, length);
  gop.length_mean = Rational(total + length, points);
  gop.b_frames_max = longest_b_run();
  return gop;
}

std::optional<PacketIndex::Extent> PacketIndex::extent() const {
  bool missing = false;
  std::vector<std::int64_t> times = frame_times(missing);
  if (times.empty()) return std::nullopt;
  std::int64_t end = times.back();
  if (last_duration_ > 0)
    end += last_duration_;
  else if (times.size() > 1)
    end += (times.back() - times.front()) / static_cast<std::int64_t>(times.size() - 1);
  if (end <= times.front()) return std::nullopt;
  return Extent{times.front(), end};
}

// Payload against decoding time: the bytes of a packet flow evenly until the next packet's time,
// the last one's until the end of the stream.
struct PacketIndex::Curve {
  std::vector<std::int64_t> times;  // ascending, distinct; the end of the stream last
  std::vector<std::int64_t> bytes;  // before times[i]

  [[nodiscard]] std::int64_t at(Wide scaled, std::int64_t scale, std::size_t& hint) const {
    while (hint + 2 < times.size() && Wide{times[hint + 1]} * scale <= scaled) ++hint;
    const Wide span = (Wide{times[hint + 1]} - times[hint]) * scale;
    const Wide into = std::clamp<Wide>(scaled - Wide{times[hint]} * scale, 0, span);
    const Wide more = (Wide{bytes[hint + 1]} - bytes[hint]) * into / span;
    return bytes[hint] + static_cast<std::int64_t>(more);
  }

  // Smallest and largest payload of a full second; the extremes begin or end at a packet's time.
  [[nodiscard]] std::pair<std::int64_t, std::int64_t> seconds(const Rational& base) const {
    const std::int64_t scale = base.num();
    const Wide second = base.den();  // one second is den / num ticks; times are scaled by num
    std::int64_t least = std::numeric_limits<std::int64_t>::max(), most = 0;
    std::size_t ahead = 0, behind = 0;
    const Wide first = Wide{times.front()} * scale, last = Wide{times.back()} * scale;
    for (std::size_t i = 0; i < times.size(); ++i) {
      const Wide now = Wide{times[i]} * scale;
      if (now + second <= last) {
        const std::int64_t inside = at(now + second, scale, ahead) - bytes[i];
        least = std::min(least, inside);
        most = std::max(most, inside);
      }
      if (now - second >= first) {
        const std::int64_t inside = bytes[i] - at(now - second, scale, behind);
        least = std::min(least, inside);
        most = std::max(most, inside);
      }
    }
    return {least, most};
  }
};

PacketIndex::Curve PacketIndex::cumulative(std::int64_t first, std::int64_t ticks) const {
  std::vector<std::pair<std::int64_t, std::uint32_t>> sizes;
  sizes.reserve(packets_.size());
  std::int64_t time = first;
  for (const Packet& packet : packets_) {
    if (packet.dts != kNone || packet.pts != kNone)
      time = packet.dts != kNone ? packet.dts : packet.pts;
    sizes.emplace_back(time, packet.size);
  }
  std::stable_sort(sizes.begin(), sizes.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  Curve curve;
  std::int64_t total = 0;
  for (const auto& [at, size] : sizes) {
    if (curve.times.empty() || curve.times.back() != at) {
      curve.times.push_back(at);
      curve.bytes.push_back(total);
    }
    total += size;
  }
  // On the decoding clock the stream lasts as long as it is presented.
  curve.times.push_back(std::max(curve.times.back() + 1, curve.times.front() + ticks));
  curve.bytes.push_back(total);
  return curve;
}

Fact<BitRate> PacketIndex::bit_rate() const {
  const auto whole = extent();
  if (!whole || time_base_.num() <= 0) return Fact<BitRate>::unknown();
  const Wide num = time_base_.num(), den = time_base_.den();
  const std::int64_t ticks = whole->end - whole->first;
  const Wide mean = (Wide{payload_bytes_} * 8 * den + ticks * num / 2) / (ticks * num);
  if (mean > std::numeric_limits<std::int64_t>::max()) return Fact<BitRate>::unknown();
  BitRate rate;
  rate.mean = static_cast<std::int64_t>(mean);
  rate.max_1s = Fact<std::int64_t>::unknown();
  rate.mode = Fact<BitRateMode>::unknown();
  if (ticks * num < den) return rate;

  const Curve curve = cumulative(whole->first, ticks);
  const auto [least, most] = curve.seconds(time_base_);
  rate.max_1s = most * 8;
  if (ticks * num >= 2 * den) {
    const Wide slack = mean * kConstantRatePercent / 100;
    const bool constant = Wide{most} * 8 <= mean + slack && Wide{least} * 8 >= mean - slack;
    rate.mode = constant ? BitRateMode::constant : BitRateMode::variable;
  }
  return rate;
}

}  // namespace cleangate::probes
