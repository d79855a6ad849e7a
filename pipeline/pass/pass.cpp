// SPDX-License-Identifier: Apache-2.0
#include "pipeline/pass/pass.h"

#include <fmt/format.h>
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/task_arena.h>

#include <algorithm>
#include <exception>
#include <new>

#include "pipeline/pass/cut_source.h"
#include "pipeline/pass/file_digest.h"
#include "pipeline/pass/stream_lane.h"
#include "pipeline/pass/tuning.h"
#include "probes/container/file_walk.h"
#include "probes/container/mkv_clusters.h"
#include "probes/container/ts_packets.h"

namespace cleangate::pass {
namespace {

using probes::Depth;

constexpr int kFailuresInARow = 64;           // of the demuxer, before it is taken at its word
constexpr std::size_t kDamageKept = 1000;     // of the container, and of each stream
constexpr std::size_t kDamageInAll = 10'000;  // of all streams, in equal shares
constexpr std::uint64_t kHeaderPeekBytes = 1 << 20;  // where the streams have no tables
constexpr int kHeaderPeekPackets = 256;
constexpr std::uint64_t kHintReadBytes = 256 << 20;

class Pass {
 public:
  Pass(ByteSource& source, const probes::MeasureRequest& request, probes::MeasurementSink& sink,
       std::stop_token stop, const PassTuning& tuning)
      : source_(source),
        request_(request),
        stop_(std::move(stop)),
        tuning_(tuning),
        gate_(sink, request, source.size()),
        flow_(std::clamp(request.threads, 1, 256),
              std::max<std::uint64_t>(request.memory_bytes, 32ull << 20)) {}

  Expected<void> run();

 private:
  Expected<void> open();
  Expected<void> open_demuxer(const std::string& format);
  Expected<void> open_as_announced();
  Expected<void> demux();
  void peek();
  void read_hints();
  void add_lanes();
  void note_log();
  void note(std::string text);
  [[nodiscard]] probes::AssetObservation observe();
  void tell_scrambled(probes::AssetObservation& seen) const;
  void tell_broken_clusters(probes::AssetObservation& seen) const;

  ByteSource& source_;
  const probes::MeasureRequest& request_;
  const std::stop_token stop_;
  const PassTuning& tuning_;
  SinkGate gate_;
  std::unique_ptr<FileDigest> digest_;
  std::unique_ptr<CutSource> cut_;
  std::unique_ptr<av::Demuxer> demuxer_;
  probes::ContainerFindings container_;
  std::vector<std::unique_ptr<StreamLane>> lanes_;
  probes::ScrambledPackets scrambled_;
  probes::ClusterChecks clusters_;
  probes::FileWalk walk_;
  std::vector<probes::Damage> damage_;
  std::uint64_t reached_ = 0;  // furthest byte the demuxer has taken in the pass
  int failures_ = 0;
  bool whole_ = false;  // every byte has been read
  std::optional<Error> stopped_by_;
  Flow flow_;  // last: its tasks end before anything they use
};

Expected<void> Pass::run() {
  if (auto opened = open(); !opened) return opened;
  add_lanes();
  gate_.header(probes::assemble(observe()));
  if (request_.depth == Depth::header) {
    peek();
    if (request_.essence_hints) read_hints();
    for (const auto& lane : lanes_) lane->finish();
  } else {
    if (digest_) digest_->begin_pass();
    if (auto read = demux(); !read) stopped_by_ = read.error();
    for (const auto& lane : lanes_) lane->finish();
    if (!stopped_by_ && digest_) {
      if (auto rest = digest_->read_rest(); !rest)
        stopped_by_ = rest.error();
      else
        whole_ = true;
    }
  }
  flow_.finish();
  flow_.rethrow();
  for (const auto& lane : lanes_) lane->close();
  scrambled_.finish();
  note_log();
  if (whole_)
    for (probes::Damage& damage : walk_.finish()) note(std::move(damage.message));
  // Nothing was measured where there is nothing: that is no whole file, whatever its name.
  if (!stopped_by_ && demuxer_->stream_count() == 0)
    return fail(ErrorCode::damaged,
                fmt::format("No stream was found in {} this {} file.",
                            request_.depth == Depth::header ? "the beginning of" : "all of",
                            demuxer_->format()));
  const probes::AssetFacts facts = probes::assemble(observe());
  gate_.facts(facts);
  if (stopped_by_) return tl::unexpected(*stopped_by_);
  // A file whose own structure is damaged (cut short, a checksum that does not match, a demuxer
  // that gave up) is not whole, however well the rest of it was read: nothing of it may pass.
  if (!facts.container_damage.empty())
    return fail(ErrorCode::damaged, facts.container_damage.front().message);
  if (facts.decode && !facts.decode->errors.empty()) {
    const probes::Damage& first = facts.decode->errors.front();
    return fail(ErrorCode::damaged,
                fmt::format("Stream {} does not decode without errors; the first: {}{}",
                            first.stream, first.message, first.message.ends_with('.') ? "" : "."));
  }
  if (facts.decode && facts.decode->damaged_frames > 0)
    return fail(ErrorCode::damaged,
                fmt::format("{} of its frames are damaged.", facts.decode->damaged_frames));
  return {};
}

Expected<void> Pass::open() {
  if (source_.size() == 0) return fail(ErrorCode::empty_file, "The file is empty.");
  if (request_.depth != Depth::header) {
    auto digest = FileDigest::make(flow_, source_, request_.digests);
    if (!digest) return tl::unexpected(digest.error());
    digest_ = std::move(*digest);
  }
  auto container = probes::read_container(source_);
  if (!container) return tl::unexpected(container.error());
  container_ = std::move(*container);
  walk_ = probes::FileWalk(container_.begins);
  if (digest_) digest_->also_to([this](std::span<const std::byte> bytes) { walk_.saw(bytes); });
  return open_as_announced();
}

// libav guesses by likeness: MPEG audio in frames of 192 bytes looks like a transport stream to it.
// Our parsers go by what the first bytes announce, so they have the word where they have one; it
// also saves asking each of libav's demuxers (3 ms).
Expected<void> Pass::open_as_announced() {
  std::string refusal;
  if (!container_.format.empty()) {
    const auto opened = open_demuxer(container_.format);
    if (opened) return {};
    refusal = opened.error().message;
    scrambled_ = {};
    clusters_ = {};
  }
  if (auto guessed = open_demuxer({}); !guessed) return guessed;
  if (!av::reads_format(demuxer_->format(), container_.format))
    note(fmt::format("This begins as {} and libav reads it as {}: {}", container_.format,
                     demuxer_->format(), refusal));
  return {};
}

Expected<void> Pass::open_demuxer(const std::string& format) {
  av::DemuxLimits limits;
  if (request_.depth == Depth::header) limits.discovery_bytes = kHeaderPeekBytes;
  limits.format = format;
  if (!container_.tracks.empty() && container_.tracks.front().pcm_words) {
    limits.pcm_word_bits = container_.tracks.front().pcm_words->word_bits;
    limits.pcm_sample_bits = container_.tracks.front().pcm_words->sample_bits;
  }
  // libav takes the tags behind bare FLAC for a part of its last frame.
  const bool cut = format == "flac" && container_.essence_end;
  cut_ = cut ? std::make_unique<CutSource>(source_, *container_.essence_end) : nullptr;
  auto opened = av::Demuxer::open(cut_ ? *cut_ : source_, limits,
                                  [this](std::uint64_t offset, std::span<const std::byte> bytes) {
                                    reached_ =
                                        std::max<std::uint64_t>(reached_, offset + bytes.size());
                                    scrambled_.saw(offset, bytes);
                                    if (request_.depth != Depth::header)
                                      clusters_.saw(offset, bytes);
                                    if (digest_) digest_->saw(offset, bytes);
                                  });
  if (!opened) return tl::unexpected(opened.error());
  demuxer_ = std::move(*opened);
  return {};
}

void Pass::add_lanes() {
  while (static_cast<int>(lanes_.size()) < demuxer_->stream_count()) {
    const av::StreamInfo& stream = demuxer_->stream(static_cast<int>(lanes_.size()));
    lanes_.push_back(std::make_unique<StreamLane>(flow_, gate_, stream, request_, tuning_));
  }
}

// Formats without tables tell their streams in the first packets.
void Pass::peek() {
  if (!demuxer_->discovered()) return;
  const std::uint64_t start = source_.bytes_read();
  for (int i = 0; i < kHeaderPeekPackets && !stop_.stop_requested(); ++i) {
    if (source_.bytes_read() - start > kHeaderPeekBytes) return;
    auto packet = demuxer_->next();
    if (!packet || !*packet) return;
    add_lanes();
    lanes_[static_cast<std::size_t>((*packet)->stream())]->packet(**packet, 0);
  }
}

// The beginning of the first video stream, or of the first of sound. What fails here is told by the
// pass that reads everything.
void Pass::read_hints() {
  const auto lead_of = [this](probes::StreamKind kind) {
    const auto found = std::find_if(lanes_.begin(), lanes_.end(),
                                    [kind](const auto& lane) { return lane->kind() == kind; });
    return found == lanes_.end() ? nullptr : found->get();
  };
  const StreamLane* lead = lead_of(probes::StreamKind::video);
  if (!lead) lead = lead_of(probes::StreamKind::audio);
  while (lead && !lead->hinted() && source_.bytes_read() < kHintReadBytes &&
         !stop_.stop_requested()) {
    auto packet = demuxer_->next();
    if (!packet || !*packet) return;
    add_lanes();
    lanes_[static_cast<std::size_t>((*packet)->stream())]->packet(**packet, 0);
  }
}

Expected<void> Pass::demux() {
  const double size = static_cast<double>(source_.size());
  reached_ = 0;  // opening may have looked at tables at the end
  for (;;) {
    flow_.rethrow();
    if (stop_.stop_requested()) return fail(ErrorCode::cancelled, "The measurement was stopped.");
    auto packet = demuxer_->next();
    note_log();
    if (!packet) {
      if (packet.error().code != ErrorCode::damaged) return tl::unexpected(packet.error());
      note(packet.error().message);
      if (++failures_ >= kFailuresInARow) return {};
      continue;
    }
    failures_ = 0;
    if (!*packet) return {};
    add_lanes();
    StreamLane& lane = *lanes_[static_cast<std::size_t>((*packet)->stream())];
    lane.packet(**packet, static_cast<double>(reached_) / size);
    gate_.progress(reached_, lane.seconds());
  }
}

void Pass::note_log() {
  for (std::string& line : demuxer_->take_log()) note("libav: " + std::move(line) + ".");
}

void Pass::note(std::string text) {
  if (damage_.size() >= kDamageKept) return;
  if (!damage_.empty() && damage_.back().message == text) return;  // the same again and again
  const auto& told = container_.damage;
  if (std::any_of(told.begin(), told.end(), [&](const auto& d) { return d.message == text; }))
    return;
  damage_.push_back({-1, std::nullopt, std::move(text)});
}

probes::AssetObservation Pass::observe() {
  probes::AssetObservation seen;
  seen.depth = request_.depth;
  seen.bytes = source_.size();
  seen.demuxer_format = demuxer_->format();
  seen.demuxer_duration_s = demuxer_->duration_s();
  seen.container = container_;
  seen.damage = damage_;
  // Each stream has room for its own first damage, however much the others have.
  const std::size_t most =
      std::min(kDamageKept, kDamageInAll / std::max<std::size_t>(1, lanes_.size()));
  for (const auto& lane : lanes_) {
    seen.streams.push_back(lane->observe());
    std::vector<probes::Damage> found = lane->packet_damage();
    found.resize(std::min(found.size(), most));
    std::move(found.begin(), found.end(), std::back_inserter(seen.damage));
  }
  tell_scrambled(seen);
  tell_broken_clusters(seen);
  if (whole_) {
    seen.content_id = digest_->content_id();
    seen.digests = digest_->others();
  }
  if (request_.depth == Depth::decode) {
    probes::DecodeFacts decode;
    decode.decoder = av::decoder_provenance();
    for (const auto& lane : lanes_) lane->add_decode(decode, most);
    seen.decode = std::move(decode);
  }
  return seen;
}

void Pass::tell_broken_clusters(probes::AssetObservation& seen) const {
  if (clusters_.broken() == 0) return;
  seen.damage.push_back(
      {-1, std::nullopt,
       fmt::format("{} of the {} clusters do not match their CRC-32 checksums; the first begins at "
                   "byte {}.",
                   clusters_.broken(), clusters_.checked(), clusters_.first_broken().front())});
}

void Pass::tell_scrambled(probes::AssetObservation& seen) const {
  for (const auto& [pid, count] : scrambled_.scrambled()) {
    probes::Damage damage{-1, std::nullopt, {}};
    for (const probes::StreamObservation& stream : seen.streams)
      if (stream.native_id == std::optional<std::int64_t>(pid)) damage.stream = stream.index;
    damage.message = fmt::format(
        "{} of the {} transport packets of PID {} are scrambled: what they carry cannot be read.",
        count.scrambled, count.packets, pid);
    seen.damage.push_back(std::move(damage));
  }
}

}  // namespace

Expected<void> measure_tuned(ByteSource& source, const probes::MeasureRequest& request,
                             probes::MeasurementSink& sink, std::stop_token stop,
                             const PassTuning& tuning) {
  const int threads = std::clamp(request.threads, 1, 256);
  const auto measured = [&]() -> Expected<void> {
    try {
      return Pass(source, request, sink, stop, tuning).run();
    } catch (const std::bad_alloc&) {
      return fail(ErrorCode::out_of_memory, "The memory limit was reached.");
    } catch (const std::exception& problem) {
      return fail(ErrorCode::internal, fmt::format("{}.", problem.what()));
    }
  };
  if (threads == 1) return measured();
  const tbb::global_control budget(tbb::global_control::max_allowed_parallelism,
                                   static_cast<std::size_t>(threads));
  tbb::task_arena arena(threads);
  Expected<void> outcome;
  arena.execute([&] { outcome = measured(); });
  return outcome;
}

void prepare() {
  prepare_hashing();
  tbb::task_arena arena(1);
  arena.initialize();
}

Expected<void> measure(ByteSource& source, const probes::MeasureRequest& request,
                       probes::MeasurementSink& sink, std::stop_token stop, DecodeMemory* memory) {
  PassTuning tuning;
  tuning.memory = memory;
  return measure_tuned(source, request, sink, std::move(stop), tuning);
}

}  // namespace cleangate::pass
