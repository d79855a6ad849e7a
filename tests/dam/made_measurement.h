// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "dam/files.h"
#include "dam/memory_evidence.h"
#include "dam/record.h"
#include "probes/audio/energy_code.h"
#include "probes/audio/energy_row.h"
#include "probes/audio/peak_row.h"
#include "probes/picture/frame_time_row.h"
#include "probes/picture/luma.h"
#include "specs/judge.h"
#include "tests/probes/picture/made_frame.h"
#include "tests/specs/made_asset.h"
#include "tests/specs/profile_text.h"

namespace cleangate::test {

// One made measurement: a picture at 25 frames/s (gray, `black` frames of it black in the middle)
// and stereo sound of a steady level, as a pass would have handed them over.
struct Made {
  std::string name = "film";  // decides content id and essences
  std::string wrapper;        // another wrapper of the same essences: another content id
  std::int64_t frames = 5000;
  std::int64_t black = 100;
  double energy = 0.01;  // per channel: about -17.7 LUFS in stereo
  probes::Status status = probes::Status::measured;
};

inline Made named(const std::string& name) {
  Made made;
  made.name = name;
  return made;
}

inline probes::AssetFacts facts_of(const Made& made) {
  probes::AssetFacts facts = made_facts();
  const Rational seconds(made.frames, 25);
  facts.content_id = dam::sha256_of("content " + made.name + made.wrapper);
  facts.container.duration_s = seconds;
  for (probes::StreamFacts& stream : facts.streams) {
    stream.duration_s = seconds;
    stream.essence_digest =
        dam::sha256_of("essence " + made.name + " " + std::to_string(stream.index));
    if (auto* video = stream.video()) {
      stream.time_base = Rational(1, 12800);
      video->frame_count = made.frames;
      video->width = 64;
      video->height = 36;
    }
    if (auto* audio = stream.audio()) audio->sample_count = made.frames * 1920;
  }
  facts.decode->frames = made.frames;
  facts.decode->decoder = "made";
  return facts;
}

template <class Row>
void put_rows(dam::MemoryEvidence& evidence, int stream, int channel,
              const std::vector<Row>& rows) {
  evidence.rows(RowEvidence::id<Row>(stream, channel), std::as_bytes(std::span(rows)));
}

inline probes::LumaRow luma_row(std::uint32_t code) {
  probes::FrameSweep sweep;
  const auto made = luma_frame(64, 36, 8, [code](int x, int y) {
    return code < 17 ? code : code + static_cast<std::uint32_t>((x + y) % 5);
  });
  made->frame.color.range = SignalRange::narrow;
  sweep.run(made->frame);
  return probes::analyze_luma(sweep);
}

inline std::unique_ptr<dam::MemoryEvidence> measured(const Made& made) {
  auto evidence = std::make_unique<dam::MemoryEvidence>("/masters/" + made.name + made.wrapper);
  const Sha256 essence = dam::sha256_of(made.name);  // the rows are the essence's own
  const auto salt = [&](std::int64_t row) {
    return std::uint32_t{essence.bytes[static_cast<std::size_t>(row % 32)]};
  };
  std::vector<probes::FrameTimeRow> times;
  std::vector<probes::LumaRow> luma;
  const std::array<probes::LumaRow, 3> gray{luma_row(90), luma_row(91), luma_row(95)};
  const probes::LumaRow black = luma_row(16);
  const std::int64_t first = (made.frames - made.black) / 2;
  for (std::int64_t frame = 0; frame < made.frames; ++frame) {
    times.push_back({frame * 512, 512, frame % 12 == 0 ? 4u : 0u, 64u << 16 | 36u});
    const bool dark = frame >= first && frame < first + made.black;
    luma.push_back(dark ? black : gray[salt(frame) % 3]);
  }
  put_rows(*evidence, 0, -1, times);
  put_rows(*evidence, 0, -1, luma);
  for (int channel = 0; channel < 2; ++channel) {
    std::vector<probes::AudioEnergyRow> energy;
    for (std::int64_t row = 0; row < made.frames * 4; ++row)
      energy.push_back({probes::energy_to_code(made.energy * (1 + 0.00001 * salt(row)))});
    std::vector<probes::AudioPeakRow> peaks;
    for (std::int64_t row = 0; row < made.frames * 2 / 5; ++row)
      peaks.push_back({3'000'000u + salt(row), 2'900'000u, 0});
    put_rows(*evidence, 1, channel, energy);
    put_rows(*evidence, 1, channel, peaks);
  }
  evidence->facts(facts_of(made));
  evidence->set_status(made.status);
  return evidence;
}

// Fails by loudness and by black; passes by what the facts say.
inline const char* kMadeRules = R"(
  - {id: rate, quantity: video.frame_rate, equals: 25, severity: reject, source: {ref: s, clause: '1'}}
  - {id: loudness, quantity: loudness.integrated, for: {each: soundfield}, equals: -23 LUFS, tolerance: 0.5 LU, severity: reject, source: {ref: s, clause: '2'}}
  - {id: black, quantity: picture.black, expect: none, longer_than: 1 s, severity: warn, source: {ref: s}}
  - {id: peak, quantity: loudness.true_peak, for: {each: soundfield}, max: -1 dBTP, severity: reject, source: {ref: s}}
  - {id: eyes, kind: manual, ask: "Is it nice?", severity: reject, source: {ref: s}}
)";

inline specs::Profile rules_of(const std::string& text) {
  auto profile = load_text(made_profile(text));
  if (!profile) throw std::runtime_error(profile.error().message);
  return std::move(*profile);
}

inline specs::Profile made_rules() { return rules_of(kMadeRules); }

inline dam::Location place(const std::string& path, std::uint64_t inode = 7) {
  return {path, {"fsid:1", 2049, inode, 70'000'000, 1'700'000'000'000'000'000, 5}};
}

}  // namespace cleangate::test
