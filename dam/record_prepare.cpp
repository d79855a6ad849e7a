// SPDX-License-Identifier: Apache-2.0
#include "dam/record_prepare.h"

#include <fmt/format.h>

#include <algorithm>

#include "dam/files.h"
#include "dam/memory_evidence.h"
#include "dam/sqlite.h"

namespace cleangate::dam {
namespace {

bool is_loud(specs::Outcome outcome) {
  return outcome != specs::Outcome::pass && outcome != specs::Outcome::not_applicable;
}

std::vector<PreparedSeries> prepare_series(const MemoryEvidence& evidence,
                                           SeriesStore::Batch& batch) {
  std::vector<PreparedSeries> prepared;
  for (const auto& [id, series] : evidence.series()) {
    const auto key = series_key(evidence.facts(), id);
    if (!key) continue;
    const std::vector<std::byte> file = series->encode();
    prepared.push_back({*key, unwrap(batch.add(file)), series->row_count(),
                        static_cast<std::int64_t>(file.size())});
  }
  return prepared;
}

}  // namespace

std::string kind_of(const probes::AssetFacts& facts) {
  const auto has = [&](probes::StreamKind kind) {
    return std::any_of(facts.streams.begin(), facts.streams.end(),
                       [&](const probes::StreamFacts& stream) { return stream.kind == kind; });
  };
  if (has(probes::StreamKind::video)) return "video";
  if (has(probes::StreamKind::audio)) return "audio";
  if (has(probes::StreamKind::captions)) return "captions";
  return "other";
}

PreparedVerdict prepare(const RecordedVerdict& judged) {
  PreparedVerdict prepared;
  prepared.verdict = &judged.verdict;
  prepared.order = order_json(judged.order);
  std::vector<PlacedFinding> quiet, all;
  for (std::size_t i = 0; i < judged.verdict.findings.size(); ++i) {
    const specs::Finding& finding = judged.verdict.findings[i];
    all.push_back({static_cast<int>(i), finding});
    (is_loud(finding.outcome) ? prepared.loud : quiet).push_back(all.back());
  }
  prepared.quiet = pack(findings_json(quiet));
  const specs::Verdict& verdict = judged.verdict;
  prepared.outcome =
      sha256_of(fmt::format("{}\n{}\n{}\n{}\n{}", verdict.spec, verdict.profile_digest,
                            prepared.order, specs::to_string(verdict.verdict), findings_json(all)) +
                (verdict.name ? "\n" + *verdict.name : ""));
  return prepared;
}

PreparedAsset prepare(const AssetRecord& record, SeriesStore::Batch& batch) {
  PreparedAsset prepared;
  prepared.record = &record;
  for (const RecordedVerdict& judged : record.verdicts)
    prepared.verdicts.push_back(prepare(judged));
  if (!record.evidence) return prepared;
  PreparedMeasurement measurement;
  measurement.facts = &record.evidence->facts();
  measurement.status = record.evidence->status();
  measurement.document = pack(probes::to_json(*measurement.facts));
  measurement.series = prepare_series(*record.evidence, batch);
  measurement.fields = fields_of(*record.evidence, measurement.memos);
  prepared.measurement = std::move(measurement);
  return prepared;
}

}  // namespace cleangate::dam
