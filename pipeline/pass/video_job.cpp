// SPDX-License-Identifier: Apache-2.0
#include "pipeline/pass/video_job.h"

#include <algorithm>
#include <stdexcept>
#include <unordered_set>

namespace cleangate::pass {
namespace {

std::unordered_set<std::int64_t> owned(const JobPackets& packets) {
  std::unordered_set<std::int64_t> ordinals;
  for (const JobPacket& packet : packets)
    if (packet.owned) ordinals.insert(packet.ordinal);
  return ordinals;
}

// Less is better: frames that are missing, and frames with damage.
std::size_t shortcomings(const JobPackets& packets, const JobOutcome& outcome) {
  std::unordered_set<std::int64_t> good;
  for (const FrameRecord& frame : outcome.frames)
    if (!frame.damaged) good.insert(frame.packet);
  for (const av::DecodeError& error : outcome.errors)
    if (error.tag) good.erase(*error.tag);
  return static_cast<std::size_t>(
      std::count_if(packets.begin(), packets.end(), [&](const JobPacket& packet) {
        return packet.owned && packet.expects_frame && !good.count(packet.ordinal);
      }));
}

}  // namespace

JobBench::JobBench(const av::StreamInfo& stream,
                   std::vector<const probes::PictureAnalyzer*> analyzers, const PassTuning& tuning)
    : stream_(stream),
      analyzers_(std::move(analyzers)),
      tuning_(tuning),
      compares_(read_pairs(analyzers_)) {}

Expected<void> JobBench::prepare() {
  auto opened = av::VideoDecoder::open(stream_, 1);
  if (!opened) return tl::unexpected(opened.error());
  const std::lock_guard lock(mutex_);
  decoders_.push_back(std::move(*opened));
  return {};
}

JobBench::Tools JobBench::borrow(bool with_decoder) {
  Tools tools;
  {
    const std::lock_guard lock(mutex_);
    if (with_decoder && !decoders_.empty()) {
      tools.decoder = std::move(decoders_.back());
      decoders_.pop_back();
    }
    if (!meters_.empty()) {
      tools.meter = std::move(meters_.back());
      meters_.pop_back();
    }
  }
  if (!tools.meter)
    tools.meter = std::make_unique<PictureMeter>(stream_.index, analyzers_, tuning_);
  if (with_decoder && !tools.decoder) {
    auto opened = av::VideoDecoder::open(stream_, 1);
    if (!opened) throw std::runtime_error(opened.error().message);
    tools.decoder = std::move(*opened);
  }
  return tools;
}

void JobBench::give_back(Tools tools) {
  const std::lock_guard lock(mutex_);
  if (tools.decoder) decoders_.push_back(std::move(tools.decoder));
  meters_.push_back(std::move(tools.meter));
}

JobOutcome JobBench::decode(Tools& tools, const JobPackets* predecessor,
                            const JobPackets& packets) {
  const auto mine = owned(packets);
  JobOutcome outcome;
  std::vector<av::Picture> pictures;
  std::shared_ptr<const av::Picture> previous;
  const auto keep = [&] {
    for (av::Picture& picture : pictures) {
      if (!mine.count(picture.tag)) continue;
      auto held = std::make_shared<const av::Picture>(std::move(picture));
      outcome.frames.push_back(tools.meter->measure(*held, previous.get()));
      if (!compares_) continue;
      if (!previous) outcome.frames.back().picture = held;
      previous = std::move(held);
    }
    pictures.clear();
  };
  if (predecessor)
    for (const JobPacket& before : *predecessor) {
      if (before.ordinal >= packets.front().ordinal) break;
      if (before.new_sequence) tools.decoder->restart(pictures);
      tools.decoder->decode(before.packet, before.ordinal, pictures);
      keep();
    }
  for (const JobPacket& packet : packets) {
    if (packet.new_sequence) tools.decoder->restart(pictures);
    tools.decoder->decode(packet.packet, packet.ordinal, pictures);
    keep();
  }
  tools.decoder->drain(pictures);
  keep();
  for (av::DecodeError& error : tools.decoder->take_errors())
    if (error.tag && mine.count(*error.tag)) outcome.errors.push_back(std::move(error));
  if (previous) outcome.frames.back().picture = std::move(previous);
  keep_claims(tools.decoder->claims());
  tools.decoder->reset();
  return outcome;
}

JobOutcome JobBench::run(const JobPackets& packets, const JobPackets* predecessor,
                         bool& surprised) {
  Tools tools = borrow(true);
  JobOutcome outcome = decode(tools, nullptr, packets);
  if (predecessor && !stream_.intra_only) {
    if (const std::size_t lacking = shortcomings(packets, outcome); lacking > 0) {
      JobOutcome again = decode(tools, predecessor, packets);
      if (shortcomings(packets, again) < lacking) {
        surprised = true;
        outcome = std::move(again);
      }
    }
  }
  give_back(std::move(tools));
  return outcome;
}

FrameRecord JobBench::measure(const av::Picture& picture, const av::Picture* previous) {
  Tools tools = borrow(false);
  FrameRecord record = tools.meter->measure(picture, previous);
  give_back(std::move(tools));
  return record;
}

void JobBench::join(FrameRecord& record, const av::Picture& previous) {
  Tools tools = borrow(false);
  tools.meter->join(record, *record.picture, previous);
  give_back(std::move(tools));
}

void JobBench::keep_claims(const probes::VideoClaims& claims) {
  const std::lock_guard lock(mutex_);
  if (!claims_.width) claims_ = claims;
}

probes::VideoClaims JobBench::claims() const {
  const std::lock_guard lock(mutex_);
  return claims_;
}

}  // namespace cleangate::pass
