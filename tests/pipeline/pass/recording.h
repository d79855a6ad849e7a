// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstring>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/pass/tuning.h"
#include "probes/picture/frame_time_row.h"
#include "probes/sink.h"

namespace cleangate::test {

// Everything one pass left behind.
struct Recording final : probes::MeasurementSink {
  void header(const probes::AssetFacts& given) override { header_facts = given; }
  void rows(const probes::SeriesId& id, std::span<const std::byte> bytes) override {
    auto& kept = series[id];
    kept.insert(kept.end(), bytes.begin(), bytes.end());
  }
  void progress(const probes::Progress& given) override { last_progress = given; }
  void facts(const probes::AssetFacts& given) override { final_facts = given; }

  // The rows of one type, of its first stream (and channel) or of the one given.
  template <probes::MeasurementRow Row>
  [[nodiscard]] std::vector<Row> rows_of(int stream = -1, int channel = -1) const {
    for (const auto& [id, bytes] : series) {
      if (id.row != Row::kType.name || (stream >= 0 && id.stream != stream) ||
          (channel >= 0 && id.channel != channel))
        continue;
      std::vector<Row> rows(bytes.size() / sizeof(Row));
      if (!bytes.empty()) std::memcpy(rows.data(), bytes.data(), rows.size() * sizeof(Row));
      return rows;
    }
    return {};
  }

  std::optional<probes::AssetFacts> header_facts, final_facts;
  std::map<probes::SeriesId, std::vector<std::byte>> series;
  std::optional<probes::Progress> last_progress;
  std::optional<Error> error;  // what measure() returned
  std::uint64_t bytes_read = 0, bytes_total = 0;
  std::vector<pass::PassTuning::Way> ways;
};

struct Setting {
  int threads = 2;
  pass::DecodeMode mode = pass::DecodeMode::automatic;
  int frames_per_job = 0;
  probes::Depth depth = probes::Depth::decode;
};

inline Recording record(ByteSource& source, const probes::MeasureRequest& request,
                        pass::PassTuning tuning) {
  Recording recording;
  tuning.way = [&](const pass::PassTuning::Way& way) { recording.ways.push_back(way); };
  if (const auto done = pass::measure_tuned(source, request, recording, {}, tuning); !done)
    recording.error = done.error();
  recording.bytes_read = source.bytes_read();
  recording.bytes_total = source.size();
  return recording;
}

inline Recording record(const std::string& path, const Setting& setting = {}) {
  const auto source = open_path(path);
  if (!source) {
    Recording failed;
    failed.error = source.error();
    return failed;
  }
  probes::MeasureRequest request;
  request.threads = setting.threads;
  request.depth = setting.depth;
  pass::PassTuning tuning;
  tuning.mode = setting.mode;
  tuning.frames_per_job = setting.frames_per_job;
  return record(**source, request, tuning);
}

}  // namespace cleangate::test
