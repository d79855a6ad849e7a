// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>

#include "core/error.h"
#include "pipeline/worker/protocol.h"
#include "probes/sink.h"

namespace cleangate::worker {

// How much a worker may say about one asset. Beyond it lies a lie or an attack on our memory.
struct SessionLimits {
  std::size_t series = 65'536;
  std::uint64_t rows_per_series = 100'000'000;        // 277 hours of 10 ms rows
  std::uint64_t row_bytes = std::uint64_t{16} << 30;  // two days of UHD pictures and 16 channels
};

// The limits for a file of this size: rows stand in proportion to the bytes they were measured from
// (the densest honest case, silent FLAC, gives some ten rows a byte).
[[nodiscard]] SessionLimits limits_for(std::uint64_t file_bytes);

// What the parent asked of the worker.
struct Assignment {
  Errand errand = Errand::measure;
  probes::Depth depth = probes::Depth::decode;
  std::uint64_t file_bytes = 0;
  SessionLimits limits;
  Checkpoints* checkpoints = nullptr;  // null: the worker is not to remember anything
};

// The parent's judge of what a worker says. Every record is untrusted: its order, its values and
// its amount are checked before anything reaches the sink. The final facts are kept here, not
// handed to the sink, so that the parent may still decide that they are void.
class Session {
 public:
  Session(probes::MeasurementSink& sink, const Assignment& assignment)
      : sink_(sink), assignment_(assignment) {}

  // Fails with ErrorCode::protocol; nothing may be accepted after that.
  [[nodiscard]] Expected<void> accept(const Record& record);

  [[nodiscard]] const std::optional<IsolationReport>& hello() const { return hello_; }
  [[nodiscard]] const std::optional<probes::AssetFacts>& facts() const { return facts_; }
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }  // the worker's own
  [[nodiscard]] bool done() const { return done_; }
  [[nodiscard]] bool ended() const { return done_ || error_; }
  // Changes whenever a record shows that the worker has got further.
  [[nodiscard]] std::uint64_t advances() const { return advances_; }

 private:
  Expected<void> accept_hello(const Record& record);
  Expected<void> accept_header(const Record& record);
  Expected<void> accept_rows(const Record& record);
  Expected<void> accept_progress(const Record& record);
  Expected<void> accept_heartbeat(const Record& record);
  Expected<void> accept_facts(const Record& record);
  Expected<void> accept_piece(const Record& record);
  Expected<void> accept_goes_on(const Record& record);
  Expected<void> accept_done(const Record& record);
  Expected<void> accept_error(const Record& record);
  [[nodiscard]] Expected<probes::AssetFacts> decode_facts(const Record& record) const;
  [[nodiscard]] Expected<void> check_new_series(const probes::SeriesId& id,
                                                const probes::RowType& type) const;
  [[nodiscard]] Expected<void> check_remembered(const PieceHead& head) const;

  probes::MeasurementSink& sink_;
  Assignment assignment_;
  std::optional<IsolationReport> hello_;
  std::optional<probes::AssetFacts> header_;
  std::optional<probes::AssetFacts> facts_;
  std::optional<Error> error_;
  bool done_ = false;
  std::map<probes::SeriesId, std::uint64_t> rows_;  // counts
  std::uint64_t row_bytes_ = 0, piece_bytes_ = 0;
  std::uint64_t heartbeat_ = 0;
  probes::Progress progress_;
  std::uint64_t advances_ = 0;
};

}  // namespace cleangate::worker
