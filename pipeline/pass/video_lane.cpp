// SPDX-License-Identifier: Apache-2.0
#include "pipeline/pass/video_lane.h"

#include <algorithm>

namespace cleangate::pass {
namespace {

using probes::RandomAccess;

// How far to look before choosing a way.
constexpr std::size_t kPacketsAhead = 600;
constexpr std::uint64_t kBytesAhead = 64 << 20;
constexpr std::int64_t kGopsAhead = 3, kIntraPicturesAhead = 16;
// A job: long enough that its seams cost little, short enough that every thread finds one.
constexpr std::int64_t kIntraFramesPerJob = 8, kGopFramesPerJob = 24;
constexpr std::uint64_t kBytesPerJob = 12 << 20;
constexpr double kJobsPerThread = 4;  // fewer in the whole file: linear
constexpr int kMostLeading = 32;
constexpr std::uint64_t kPicturesHeld = 8;  // by a decoder that predicts
// A job's first one and the newest two; its first and last are kept until their neighbors come.
constexpr std::uint64_t kPicturesCompared = 3, kPicturesKept = 2;

std::vector<const probes::PictureAnalyzer*> wanted(const SinkGate& gate, const PassTuning& tuning) {
  std::vector<const probes::PictureAnalyzer*> analyzers;
  for (const probes::PictureAnalyzer& analyzer : tuning.analyzers)
    if (gate.wants(analyzer.type->name)) analyzers.push_back(&analyzer);
  return analyzers;
}

JobPacket shared(const JobPacket& packet, bool owned) {
  return {packet.packet.share(), packet.ordinal, owned, packet.expects_frame, packet.new_sequence};
}

}  // namespace

void VideoLane::Job::add(JobPacket packet) {
  bytes += packet.packet.bytes();
  if (packet.owned && packet.expects_frame) ++frames;
  packets.push_back(std::move(packet));
}

VideoLane::VideoLane(Flow& flow, SinkGate& gate, const av::StreamInfo& stream,
                     const PassTuning& tuning)
    : flow_(flow),
      stream_(stream),
      tuning_(tuning),
      bench_(stream, wanted(gate, tuning), tuning),
      presenter_(gate, stream.index, bench_.analyzers()) {
  static constexpr std::string_view kTellsAnew[] = {"av1", "vp8", "vp9"};
  if (std::ranges::find(kTellsAnew, stream.codec) != std::end(kTellsAnew))
    presenter_.decoder_tells_anew();
  if (tuning.memory) open_memory();
}

void VideoLane::packet(const av::Packet& packet, const PacketNote& note, double share_of_file) {
  presenter_.expect(note);
  share_of_file_ = share_of_file;
  if (note.encrypted || note.access == RandomAccess::gradual || packet.changes_configuration() ||
      depends_on_earlier_sets(note))
    cannot_begin_anew();
  if ((!note.pts && !note.second_field) || clock_is_wild(note)) odd_ = true;
  if (note.access != RandomAccess::none) ++access_points_;
  const std::int64_t ordinal = next_ordinal_++;
  if (passed_over(ordinal, note) || note.encrypted) return;
  Item item{{packet.share(), ordinal, true, note.expects_frame, note.new_sequence}, note};
  if (replay_ && std::ranges::binary_search(replay_->resume().leading, ordinal))
    item.packet.owned = false;
  if (state_ != State::undecided) return route(std::move(item));
  ahead_bytes_ += packet.bytes();
  ahead_.push_back(std::move(item));
  if (const auto way = decide(share_of_file)) start(*way);
}

// Which pictures lead a random-access point is told by the clock: it must run forward.
bool VideoLane::clock_is_wild(const PacketNote& note) {
  if (!note.dts) return false;
  const bool backward = last_dts_ && *note.dts < *last_dts_;
  last_dts_ = note.dts;
  return backward || (note.pts && *note.pts < *note.dts);
}

// A job's decoder knows the parameter sets of the codec configuration and those in the job. While
// either every random-access point carries all sets, or none differs from the configuration, that
// is enough.
bool VideoLane::depends_on_earlier_sets(const PacketNote& note) {
  if (note.access != RandomAccess::none && !note.restates_sets) all_restated_ = false;
  if (note.changes_sets) sets_changed_ = true;
  return sets_changed_ && !all_restated_;
}

void VideoLane::route(Item item) {
  if (state_ == State::jobs) return to_job(std::move(item));
  if (state_ != State::linear) return;
  find_cut(item);
  to_linear(item.packet);
}

std::optional<VideoLane::State> VideoLane::decide(double share_of_file) const {
  if (odd_ || tuning_.mode == DecodeMode::linear) return State::linear;
  if (tuning_.mode == DecodeMode::jobs) return State::jobs;
  if (flow_.threads() == 1) return State::linear;
  const std::int64_t want = stream_.intra_only ? kIntraPicturesAhead : kGopsAhead;
  if (access_points_ <= want && ahead_.size() < kPacketsAhead && ahead_bytes_ < kBytesAhead &&
      ahead_bytes_ < flow_.memory_bytes() / 4 && share_of_file < 1)
    return std::nullopt;
  const std::uint64_t pictures =
      (stream_.intra_only ? 2 : kPicturesHeld) + (bench_.compares() ? kPicturesCompared : 0);
  const std::uint64_t decoder_bytes = picture_bytes() * pictures;
  if (decoder_bytes * static_cast<std::uint64_t>(flow_.threads()) > flow_.memory_bytes())
    return State::linear;
  const double cuts = static_cast<double>(access_points_) / std::max(share_of_file, 1e-9) /
                      (stream_.intra_only ? kIntraFramesPerJob : 1);
  return cuts >= kJobsPerThread * flow_.threads() ? State::jobs : State::linear;
}

// 16-bit 4:2:2, the largest usual picture.
std::uint64_t VideoLane::picture_bytes() const {
  return static_cast<std::uint64_t>(stream_.width) * static_cast<std::uint64_t>(stream_.height) * 4;
}

void VideoLane::start(State way) {
  state_ = way;
  auto ahead = std::exchange(ahead_, {});
  if (way == State::jobs) {
    if (const auto ready = bench_.prepare(); !ready) return fail(ready.error().message);
    current_ = std::make_unique<Job>();
  } else {
    leave_jobs();
  }
  for (Item& item : ahead) route(std::move(item));
}

void VideoLane::fail(std::string because) {
  state_ = State::failed;
  deliver(next_turn_++, {{}, {{std::nullopt, std::move(because)}}});
}

// ---- jobs

void VideoLane::to_job(Item item) {
  if (odd_ || (current_->bytes > flow_.memory_bytes() / 4 && !stream_.intra_only)) {
    leave_jobs();
    return route(std::move(item));
  }
  if (may_cut(item.note)) {
    cut(item);
  } else if (tail_) {
    if (!item.note.second_field) {
      at_key_ = false;
      leading_ = *item.note.pts < key_pts_;
    }
    if (leading_ || at_key_) tail_->add(shared(item.packet, leading_));
    if (leading_) {
      item.packet.owned = false;
      pending_cut_->leading.push_back(item.packet.ordinal);
    }
    if (leading_ && ++leading_count_ > kMostLeading) odd_ = true;
    if (!leading_ && !at_key_) send_tail();
  }
  if (state_ != State::jobs) return route(std::move(item));
  // MPEG-2 and HEVC never predict a later picture from leading ones.
  const bool idle = !item.packet.owned && stream_.codec != "h264";
  if (!idle) current_->add(std::move(item.packet));
}

bool VideoLane::may_cut(const PacketNote& note) const {
  if (note.access != RandomAccess::closed && note.access != RandomAccess::open) return false;
  if (!note.pts || current_->packets.empty()) return false;
  return current_->frames >= frames_wanted() || current_->bytes >= kBytesPerJob || surprised_;
}

// Of a job. Towards the end shorter ones, so that no thread is left alone with a long one.
std::int64_t VideoLane::frames_wanted() const {
  if (tuning_.frames_per_job > 0) return tuning_.frames_per_job;
  const std::int64_t whole = stream_.intra_only ? kIntraFramesPerJob : kGopFramesPerJob;
  const double packets_to_come =
      static_cast<double>(next_ordinal_) * (1 / std::max(share_of_file_, 1e-9) - 1);
  return packets_to_come < static_cast<double>(2 * whole * flow_.threads()) ? whole / 4 : whole;
}

// `key` begins a new job. When it is an open random-access point, the old job still waits for the
// pictures that follow it in the stream and precede it on the screen: they need both.
void VideoLane::cut(const Item& key) {
  if (tail_) send_tail();
  if (state_ != State::jobs) return;
  tail_ = std::exchange(current_, std::make_unique<Job>());
  pending_cut_ = cut_at(key.packet.ordinal, key.note);
  if (key.note.access == RandomAccess::closed) return send_tail();
  tail_->add(shared(key.packet, false));
  key_pts_ = *key.note.pts;
  at_key_ = true;
  leading_ = false;
  leading_count_ = 0;
}

void VideoLane::send_tail() {
  if (keeper_ && !odd_) keeper_->cut(std::move(*pending_cut_));
  pending_cut_.reset();
  dispatch(std::move(tail_));
  if (surprised_) leave_jobs();
}

void VideoLane::dispatch(std::unique_ptr<Job> job) {
  if (!job || job->packets.empty()) return;
  ++jobs_;
  const std::uint64_t kept = bench_.compares() ? kPicturesKept * picture_bytes() : 0;
  flow_.reserve(job->bytes + kept);
  const auto packets = std::make_shared<const JobPackets>(std::move(job->packets));
  flow_.run(
      [this, packets, before = std::exchange(previous_, packets), bytes = job->bytes, kept,
       turn = next_turn_++] {
        bool surprised = false;
        JobOutcome outcome = bench_.run(*packets, before.get(), surprised);
        outcome.reserved = kept;
        deliver(turn, std::move(outcome));
        if (surprised) surprised_ = true;
        flow_.release(bytes);
      },
      Flow::Weight::job);
}

// ---- linear

void VideoLane::leave_jobs() {
  if (tail_) dispatch(std::move(tail_));
  pending_cut_.reset();
  previous_.reset();
  state_ = State::linear;
  if (surprised_) cannot_begin_anew();  // what looks like a random-access point need not be one
  auto opened = av::VideoDecoder::open(stream_, linear_threads());
  if (!opened) return fail(opened.error().message);
  linear_ = std::move(*opened);
  if (const auto begun = std::exchange(current_, nullptr))
    for (const JobPacket& packet : begun->packets) to_linear(packet);
}

// libav's: as many as the budget has. While they decode, the demuxing thread waits for the oldest
// frame and what is left of the budget sweeps; flow_.reserve holds the decoder back when the sweeps
// are behind, so that the two share the cores. Measured with a budget of 2 on 720p H.264: one
// thread more, as libav itself would choose, gains nothing (3.6 s against 3.9 s, the same 3.0 s of
// CPU and as many switches); one sweeping thread fewer costs a quarter of the wall time, one
// decoding thread fewer half of it.
int VideoLane::linear_threads() const {
  if (tuning_.linear_threads > 0) return tuning_.linear_threads;
  return flow_.threads();
}

void VideoLane::to_linear(const JobPacket& packet) {
  if (!linear_) return;
  if (!packet.owned) given_by_jobs_.insert(packet.ordinal);
  std::vector<av::Picture> pictures;
  if (packet.new_sequence) linear_->restart(pictures);
  linear_->decode(packet.packet, packet.ordinal, pictures);
  hand_out(std::move(pictures));
}

void VideoLane::hand_out(std::vector<av::Picture> pictures) {
  auto errors = linear_->take_errors();
  std::erase_if(errors, [this](const av::DecodeError& error) {
    return error.tag && given_by_jobs_.count(*error.tag);
  });
  if (!errors.empty()) deliver(next_turn_++, {{}, std::move(errors)});
  bench_.keep_claims(linear_->claims());
  for (av::Picture& picture : pictures) {
    if (given_by_jobs_.count(picture.tag)) continue;
    const std::uint64_t bytes = picture.bytes;
    flow_.reserve(bytes);
    // Its memory is given back by whoever is the last to look at it.
    std::shared_ptr<const av::Picture> held(
        new av::Picture(std::move(picture)),
        [account = flow_.account(), bytes](const av::Picture* done) {
          delete done;
          account->fetch_sub(bytes);
        });
    auto before = std::exchange(given_last_, bench_.compares() ? held : nullptr);
    flow_.run(
        [this, turn = next_turn_++, held = std::move(held), before = std::move(before)]() mutable {
          JobOutcome outcome;
          outcome.frames.push_back(bench_.measure(*held, before.get()));
          if (!before && bench_.compares()) outcome.frames.front().picture = std::move(held);
          held.reset();
          before.reset();
          deliver(turn, std::move(outcome));
        });
  }
}

// ---- both

void VideoLane::deliver(std::int64_t turn, JobOutcome outcome) {
  const std::lock_guard lock(deliver_mutex_);
  waiting_.emplace(turn, std::move(outcome));
  for (auto next = waiting_.find(due_); next != waiting_.end(); next = waiting_.find(++due_)) {
    append(replay_ && due_ > seam_turn_ && seam_turn_ >= 0 ? replay_->join(std::move(next->second))
                                                           : std::move(next->second));
    waiting_.erase(next);
  }
}

// Frames in presentation order. What was decoded apart is compared here.
void VideoLane::append(JobOutcome outcome) {
  for (FrameRecord& frame : outcome.frames) {
    if (frame.picture && !frame.finished && frame.compared_with == FrameRecord::kAlone && last_)
      bench_.join(frame, *last_);
    last_ = std::move(frame.picture);
  }
  flow_.release(outcome.reserved);
  if (keeper_) keeper_->errors(outcome.errors);
  presenter_.append(std::move(outcome.frames), std::move(outcome.errors));
}

void VideoLane::finish() {
  if (state_ == State::undecided && !ahead_.empty()) start(decide(1).value_or(State::linear));
  if (state_ == State::jobs) {
    dispatch(std::move(tail_));
    dispatch(std::move(current_));
  }
  if (state_ == State::linear && linear_) {
    std::vector<av::Picture> pictures;
    linear_->drain(pictures);
    hand_out(std::move(pictures));
  }
}

void VideoLane::close() {
  if (replay_) append(replay_->rest());
  presenter_.finish();
  if (tuning_.way)
    tuning_.way({stream_.index, jobs_, state_ == State::linear, surprised_,
                 replay_ ? replay_->resume().packet : 0});
  linear_.reset();
}

}  // namespace cleangate::pass
