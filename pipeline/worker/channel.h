// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "core/block_log.h"
#include "core/error.h"
#include "pipeline/pass/decode_memory.h"
#include "pipeline/worker/protocol.h"
#include "probes/sink.h"

namespace cleangate::worker {

// The worker's mouth: records go out whole, from any thread, buffered until the next flush so that
// a row does not cost a system call. A parent that has gone away ends the process.
class Channel {
 public:
  explicit Channel(int socket);

  // One record, whose bytes may come in two pieces. Nothing is allocated while the lock is held, so
  // that the report of running out of memory can always be sent.
  void send(std::span<const std::byte> record, std::span<const std::byte> rest = {});
  void flush();

 private:
  void put(std::span<const std::byte> bytes);
  void write_out(std::span<const std::byte> bytes) const;

  int socket_;
  std::mutex mutex_;
  std::vector<std::byte> buffer_;  // capacity fixed at construction
};

// Turns what a pass finds into records.
class RecordSink final : public probes::MeasurementSink {
 public:
  explicit RecordSink(Channel& channel) : channel_(channel) {}

  void header(const probes::AssetFacts& facts) override;
  void rows(const probes::SeriesId& id, std::span<const std::byte> rows) override;
  void progress(const probes::Progress& progress) override;
  void facts(const probes::AssetFacts& facts) override;

  // Final facts have gone out.
  [[nodiscard]] bool complete() const { return complete_; }

 private:
  Channel& channel_;
  bool complete_ = false;
};

// Turns what a pass remembers into records, and blocks that were kept before into its memory.
class RecordMemory final : public pass::DecodeMemory {
 public:
  // `earlier`: the log of blocks (Checkpoints), null: none. What is no piece counts for nothing.
  RecordMemory(Channel& channel, std::unique_ptr<ByteSource> earlier);

  [[nodiscard]] const std::vector<PieceHead>& pieces() const override { return heads_; }
  [[nodiscard]] Expected<std::vector<std::byte>> payload(std::size_t piece) override;
  void goes_on(const PieceHead& head) override;
  void keep(const PieceHead& head, std::span<const std::byte> payload) override;

 private:
  Channel& channel_;
  std::unique_ptr<ByteSource> earlier_;
  std::vector<PieceHead> heads_;
  std::vector<BlockPlace> places_;
};

}  // namespace cleangate::worker
