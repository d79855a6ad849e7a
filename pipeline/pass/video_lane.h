// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "pipeline/pass/decode_keeper.h"
#include "pipeline/pass/flow.h"
#include "pipeline/pass/presenter.h"
#include "pipeline/pass/replay.h"
#include "pipeline/pass/video_job.h"

namespace cleangate::pass {

// One video stream on its way through decoding. Two ways (house.md 6.1): packet jobs cut at
// random-access points, each decoded by one thread; or one decoder with libav's own threads and
// the sweeps in parallel. Chosen from the first packets; on a surprise the jobs give way to the
// linear decoder at the next cut. With a memory (PassTuning) what was decoded before is taken from
// it, and what is decoded now is kept in it; rows are the same as without.
class VideoLane {
 public:
  VideoLane(Flow& flow, SinkGate& gate, const av::StreamInfo& stream, const PassTuning& tuning);

  // The next packet. `share_of_file` is how much of the file has been read, 0 to 1.
  void packet(const av::Packet& packet, const PacketNote& note, double share_of_file);
  void finish();  // no more packets
  void close();   // after the flow has finished: the last rows
  [[nodiscard]] Presenter::Outcome outcome() const { return presenter_.outcome(); }
  [[nodiscard]] probes::VideoClaims claims() const { return bench_.claims(); }

 private:
  enum class State { undecided, jobs, linear, failed };
  struct Item {
    JobPacket packet;
    PacketNote note;
  };
  struct Job {
    JobPackets packets;
    std::uint64_t bytes = 0;
    std::int64_t frames = 0;
    void add(JobPacket packet);
  };

  void open_memory();
  [[nodiscard]] bool passed_over(std::int64_t ordinal, const PacketNote& note);
  void cannot_begin_anew();
  [[nodiscard]] Cut cut_at(std::int64_t ordinal, const PacketNote& note) const;
  void find_cut(const Item& item);
  void lead_cut(const Item& item);
  [[nodiscard]] bool depends_on_earlier_sets(const PacketNote& note);
  [[nodiscard]] bool clock_is_wild(const PacketNote& note);
  void route(Item item);
  // The way for this stream, as soon as enough of it is known.
  [[nodiscard]] std::optional<State> decide(double share_of_file) const;
  [[nodiscard]] std::uint64_t picture_bytes() const;
  void start(State way);
  void fail(std::string because);

  void to_job(Item item);
  [[nodiscard]] bool may_cut(const PacketNote& note) const;
  [[nodiscard]] std::int64_t frames_wanted() const;
  void cut(const Item& key);
  void send_tail();
  void dispatch(std::unique_ptr<Job> job);

  void leave_jobs();  // from the packets of current_ on
  [[nodiscard]] int linear_threads() const;
  void to_linear(const JobPacket& packet);
  void hand_out(std::vector<av::Picture> pictures);
  void deliver(std::int64_t turn, JobOutcome outcome);
  void append(JobOutcome outcome);

  Flow& flow_;
  const av::StreamInfo& stream_;
  const PassTuning& tuning_;
  JobBench bench_;
  Presenter presenter_;

  State state_ = State::undecided;
  std::int64_t next_ordinal_ = 0;
  std::int64_t access_points_ = 0;
  double share_of_file_ = 0;
  bool odd_ = false;  // something that jobs cannot be trusted with
  std::optional<std::int64_t> last_dts_;
  bool sets_changed_ = false, all_restated_ = true;
  std::vector<Item> ahead_;
  std::uint64_t ahead_bytes_ = 0;

  std::unique_ptr<Job> current_;
  std::unique_ptr<Job> tail_;              // waits for the pictures that lead current_'s first
  std::int64_t key_pts_ = 0;               // of current_'s first picture, while tail_ waits
  bool leading_ = false, at_key_ = false;  // the newest picture leads, or is the key itself
  int leading_count_ = 0;
  std::shared_ptr<const JobPackets> previous_;
  std::int64_t jobs_ = 0;
  std::atomic<bool> surprised_{false};

  std::unique_ptr<av::VideoDecoder> linear_;
  std::shared_ptr<const av::Picture> given_last_;  // by it, for the next one to be compared with
  std::set<std::int64_t> given_by_jobs_;  // leading pictures the linear decoder must not repeat

  std::unique_ptr<Replay> replay_;
  std::unique_ptr<DecodeKeeper> keeper_;
  bool bound_ = false;              // decoding depends on what was before any random-access point
  std::int64_t seam_turn_ = -1;     // of the last piece that is handed over
  std::optional<Cut> pending_cut_;  // its leading pictures are still coming
  std::int64_t since_cut_ = 0;      // frames, in the linear way

  std::int64_t next_turn_ = 0;
  std::mutex deliver_mutex_;
  std::map<std::int64_t, JobOutcome> waiting_;
  std::int64_t due_ = 0;
  std::shared_ptr<const av::Picture> last_;  // of what was appended, where it was held
};

}  // namespace cleangate::pass
