// SPDX-License-Identifier: Apache-2.0
#include "pipeline/worker/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "core/text.h"

namespace cleangate::worker {
namespace {

// What a stream turns out to carry may exceed what its tables say (HE-AAC v2 declares one channel
// and decodes to two), so channels are held to what any stream can have: libav's own bound.
constexpr int kMaxChannels = 512;
constexpr int kMaxStreams = 4096;  // as facts_from_json

tl::unexpected<Error> violation(std::string what) {
  return fail(ErrorCode::protocol, std::move(what));
}

// One side of a series: a stream, or a channel of it.
struct Voice {
  int stream = 0, channel = -1;
};

std::vector<Voice> voices_of(const probes::SeriesId& id) {
  std::vector<Voice> voices{{id.stream, id.channel}};
  if (id.other_stream != -1 || id.other_channel != -1)
    voices.push_back({id.other_stream, id.other_channel});
  return voices;
}

Expected<void> check_possible(const Voice& voice, probes::RowClock clock) {
  const bool picture = clock == probes::RowClock::frame;
  if (voice.stream < 0 || voice.stream >= kMaxStreams)
    return violation(fmt::format("rows of stream {}", voice.stream));
  if (picture ? voice.channel != -1 : voice.channel < 0 || voice.channel >= kMaxChannels)
    return violation(fmt::format("{} rows of channel {} of stream {}",
                                 picture ? "picture" : "sound", voice.channel, voice.stream));
  return {};
}

Expected<void> check_listed(const Voice& voice, probes::RowClock clock,
                            const probes::AssetFacts& facts) {
  if (static_cast<std::size_t>(voice.stream) >= facts.streams.size())
    return violation(fmt::format("rows of stream {}, which does not exist", voice.stream));
  const bool picture = clock == probes::RowClock::frame;
  const auto wanted = picture ? probes::StreamKind::video : probes::StreamKind::audio;
  if (facts.streams[static_cast<std::size_t>(voice.stream)].kind != wanted)
    return violation(fmt::format("{} rows of stream {}, which is none",
                                 picture ? "picture" : "sound", voice.stream));
  return {};
}

bool further(const probes::Progress& now, const probes::Progress& before) {
  return now.bytes_done > before.bytes_done || now.frames_done > before.frames_done ||
         now.media_seconds > before.media_seconds;
}

}  // namespace

SessionLimits limits_for(std::uint64_t file_bytes) {
  SessionLimits limits;
  constexpr std::uint64_t kFloor = std::uint64_t{256} << 20, kPerByte = 1024;
  const std::uint64_t most = limits.row_bytes;
  limits.row_bytes =
      file_bytes > most / kPerByte ? most : std::min(most, kFloor + file_bytes * kPerByte);
  return limits;
}

Expected<void> Session::accept(const Record& record) {
  if (ended()) return violation("a record after the last one");
  if (!hello_ && record.type != RecordType::hello) return violation("no hello first");
  switch (record.type) {
    case RecordType::hello:
      return accept_hello(record);
    case RecordType::header:
      return accept_header(record);
    case RecordType::rows:
      return accept_rows(record);
    case RecordType::progress:
      return accept_progress(record);
    case RecordType::heartbeat:
      return accept_heartbeat(record);
    case RecordType::facts:
      return accept_facts(record);
    case RecordType::done:
      return accept_done(record);
    case RecordType::error:
      return accept_error(record);
    case RecordType::piece:
      return accept_piece(record);
    case RecordType::goes_on:
      return accept_goes_on(record);
    case RecordType::request:
      break;
  }
  return violation("a record that only the parent sends");
}

Expected<void> Session::accept_hello(const Record& record) {
  if (hello_) return violation("a second hello");
  auto hello = decode_hello(record.payload);
  if (!hello) return tl::unexpected(hello.error());
  hello_ = std::move(*hello);
  hello_->missing = readable(hello_->missing);
  ++advances_;
  return {};
}

Expected<probes::AssetFacts> Session::decode_facts(const Record& record) const {
  const std::string_view json(reinterpret_cast<const char*>(record.payload.data()),
                              record.payload.size());
  auto facts = probes::facts_from_json(json);
  if (!facts)
    return violation(fmt::format("facts that are none: {}", readable(facts.error().message)));
  if (facts->depth != assignment_.depth) return violation("facts of another depth than asked for");
  if (facts->bytes != assignment_.file_bytes)
    return violation(fmt::format("facts of a file of {} bytes; it has {}", facts->bytes,
                                 assignment_.file_bytes));
  for (std::size_t i = 0; i < facts->streams.size(); ++i)
    if (facts->streams[i].index != static_cast<int>(i))
      return violation("streams that are not numbered in order");
  return facts;
}

Expected<void> Session::accept_header(const Record& record) {
  if (header_) return violation("a second header");
  if (assignment_.errand == Errand::probe) return violation("facts that nobody asked for");
  auto facts = decode_facts(record);
  if (!facts) return tl::unexpected(facts.error());
  header_ = std::move(*facts);
  ++advances_;
  sink_.header(*header_);
  return {};
}

Expected<void> Session::check_new_series(const probes::SeriesId& id,
                                         const probes::RowType& type) const {
  if (rows_.size() >= assignment_.limits.series)
    return violation(fmt::format("more than {} series", assignment_.limits.series));
  if (!is_utf8(id.parameters)) return violation("row parameters that are no text");
  for (const Voice& voice : voices_of(id)) {
    if (auto possible = check_possible(voice, type.clock); !possible) return possible;
    if (static_cast<std::size_t>(voice.stream) >= header_->streams.size()) continue;
    if (auto fitting = check_listed(voice, type.clock, *header_); !fitting) return fitting;
  }
  return {};
}

Expected<void> Session::accept_rows(const Record& record) {
  if (!header_) return violation("rows before the header");
  if (facts_) return violation("rows after the facts");
  const auto rows = decode_rows(record.payload);
  if (!rows) return tl::unexpected(rows.error());
  const probes::RowType* type = probes::find_row_type(rows->id.row, rows->id.version);
  if (!type)
    return violation(fmt::format("rows of the unknown type \"{}\" version {}",
                                 readable(rows->id.row), rows->id.version));
  if (!rows_.contains(rows->id))
    if (auto series = check_new_series(rows->id, *type); !series) return series;
  if (rows->bytes.empty() || rows->bytes.size() % type->size != 0)
    return violation(fmt::format("{} bytes of rows of {} bytes", rows->bytes.size(), type->size));
  std::uint64_t& count = rows_[rows->id];
  count += rows->bytes.size() / type->size;
  row_bytes_ += rows->bytes.size();
  if (count > assignment_.limits.rows_per_series || row_bytes_ > assignment_.limits.row_bytes)
    return violation("more rows than a file of this size can give");
  ++advances_;
  sink_.rows(rows->id, rows->bytes);
  return {};
}

Expected<void> Session::accept_progress(const Record& record) {
  const auto progress = decode_progress(record.payload);
  if (!progress) return tl::unexpected(progress.error());
  if (further(*progress, progress_)) ++advances_;
  progress_ = *progress;
  // A progress bar can rely on these two.
  progress_.bytes_total = assignment_.file_bytes;
  progress_.bytes_done = std::min(progress_.bytes_done, progress_.bytes_total);
  sink_.progress(progress_);
  return {};
}

Expected<void> Session::accept_heartbeat(const Record& record) {
  const auto heartbeat = decode_heartbeat(record.payload);
  if (!heartbeat) return tl::unexpected(heartbeat.error());
  if (*heartbeat != heartbeat_) ++advances_;
  heartbeat_ = *heartbeat;
  return {};
}

Expected<void> Session::accept_facts(const Record& record) {
  if (!header_) return violation("facts before the header");
  if (facts_) return violation("facts twice");
  auto facts = decode_facts(record);
  if (!facts) return tl::unexpected(facts.error());
  for (const auto& [id, count] : rows_)
    for (const Voice& voice : voices_of(id)) {
      const probes::RowType* type = probes::find_row_type(id.row, id.version);
      if (auto listed = check_listed(voice, type->clock, *facts); !listed) return listed;
    }
  facts_ = std::move(*facts);
  ++advances_;
  return {};
}

Expected<void> Session::check_remembered(const PieceHead& head) const {
  if (!assignment_.checkpoints) return violation("a memory that nobody asked for");
  if (!header_) return violation("a memory before the header");
  if (facts_) return violation("a memory after the facts");
  const Voice voice{head.stream};
  if (auto possible = check_possible(voice, probes::RowClock::frame); !possible) return possible;
  if (static_cast<std::size_t>(head.stream) >= header_->streams.size()) return {};
  return check_listed(voice, probes::RowClock::frame, *header_);
}

Expected<void> Session::accept_piece(const Record& record) {
  const auto piece = decode_piece(record.payload);
  if (!piece) return tl::unexpected(piece.error());
  if (auto fitting = check_remembered(piece->head); !fitting) return fitting;
  piece_bytes_ += record.payload.size();
  if (piece_bytes_ > assignment_.limits.row_bytes)
    return violation("more to remember than a file of this size can give");
  assignment_.checkpoints->keep(record.payload);
  return {};
}

Expected<void> Session::accept_goes_on(const Record& record) {
  const auto head = decode_goes_on(record.payload);
  if (!head) return tl::unexpected(head.error());
  if (auto fitting = check_remembered(*head); !fitting) return fitting;
  if (assignment_.checkpoints->earlier() < 0) return violation("a memory that nobody gave it");
  assignment_.checkpoints->goes_on(*head);
  return {};
}

Expected<void> Session::accept_done(const Record& record) {
  if (!record.payload.empty()) return violation("a malformed done record");
  if (assignment_.errand == Errand::measure && !facts_) return violation("done without facts");
  done_ = true;
  return {};
}

Expected<void> Session::accept_error(const Record& record) {
  auto error = decode_error(record.payload);
  if (!error) return tl::unexpected(error.error());
  error->message = readable(error->message);
  error_ = std::move(*error);
  return {};
}

}  // namespace cleangate::worker
