// SPDX-License-Identifier: Apache-2.0
#include "app/documents.h"

#include <sys/stat.h>

#include <cmath>
#include <initializer_list>

#include <nlohmann/json.hpp>

#include "app/json_text.h"
#include "app/wording.h"
#include "core/text.h"

namespace cleangate::app {
namespace {

// A number for reports: whole where it is, else rounded to 1e-6.
Json number(const Rational& value) {
  if (value.is_integer()) return value.num();
  return std::round(value.to_double() * 1e6) / 1e6;
}

Json number_or_null(const std::optional<Rational>& value) {
  return value ? number(*value) : Json(nullptr);
}

// Seconds are always JSON numbers with a fraction's type, so that readers see one type.
Json seconds(const Rational& value) { return std::round(value.to_double() * 1e6) / 1e6; }

template <class T>
void put(Json& json, const char* key, const std::optional<T>& value) {
  if (value) json[key] = *value;
}

void put_text(Json& json, const char* key, const std::optional<std::string>& value) {
  if (value) json[key] = to_valid_utf8(*value);
}

void put_path(Json& json, const std::string& path) {
  json["path"] = to_valid_utf8(path);
  if (!is_utf8(path)) json["path_bytes"] = to_base64(path);
}

void put_status(Json& json, const ToldAsset& asset) {
  json["status"] = std::string(probes::to_string(asset.status));
  if (asset.error)
    json["error"] = Json{{"code", std::string(to_string(asset.error->code))},
                         {"message", to_valid_utf8(asset.error->message)}};
}

Json span_json(const probes::AssetFacts& facts, const specs::Span& span) {
  Json json = Json::object();
  put(json, "stream", span.stream);
  put(json, "soundfield", span.soundfield);
  put(json, "channel", span.channel);
  put(json, "first_frame", span.first_frame);
  put(json, "end_frame", span.end_frame);
  if (span.first_frame && span.end_frame) json["frames"] = *span.end_frame - *span.first_frame;
  json["start_s"] = seconds(span.start_s);
  json["end_s"] = seconds(span.end_s);
  const SpanLabels labels = labels_of(facts, span);
  put(json, "timecode_in", labels.in);
  put(json, "timecode_out", labels.out);
  put(json, "first_sample", span.first_sample);
  put(json, "end_sample", span.end_sample);
  if (span.value) json["value"] = number(*span.value);
  if (span.confidence) json["confidence"] = number(*span.confidence);
  return json;
}

Json spans_json(const probes::AssetFacts& facts, const std::vector<specs::Span>& spans) {
  Json json = Json::array();
  for (const specs::Span& span : spans) json.push_back(span_json(facts, span));
  return json;
}

// ---- measure ----------------------------------------------------------------------------------

Json loudness_json(const SoundfieldLoudness& loudness) {
  Json json = {{"soundfield", loudness.soundfield},
               {"integrated_lufs", number_or_null(loudness.integrated_lufs)},
               {"range_lu", number_or_null(loudness.range_lu)},
               {"momentary_max_lufs", number_or_null(loudness.momentary_max_lufs)},
               {"short_term_max_lufs", number_or_null(loudness.short_term_max_lufs)},
               {"true_peak_dbtp", number_or_null(loudness.true_peak_dbtp)},
               {"sample_peak_dbfs", number_or_null(loudness.sample_peak_dbfs)}};
  put_text(json, "because", loudness.because);
  return json;
}

Json levels_json(const LumaLevels& levels) {
  Json json = {{"stream", levels.stream},
               {"luma",
                {{"min", number_or_null(levels.min)},
                 {"p1", number_or_null(levels.p1)},
                 {"p50", number_or_null(levels.p50)},
                 {"p99", number_or_null(levels.p99)},
                 {"max", number_or_null(levels.max)}}}};
  put_text(json, "because", levels.because);
  return json;
}

Json scan_json(const PictureScan& scan) {
  Json json{{"stream", scan.stream}};
  const auto text = [&](const char* name, const std::optional<std::string>& value) {
    json[name] = value ? Json(*value) : Json(nullptr);
  };
  text("scan", scan.scan);
  if (scan.field_order) json["field_order"] = *scan.field_order;
  text("cadence", scan.cadence);
  text("against_flags", scan.against_flags);
  put_text(json, "because", scan.because);
  return json;
}

Json dead_pixels_json(const probes::AssetFacts& facts, const DeadPixels& pixels) {
  if (!pixels.found) return nullptr;
  Json json = Json::array();
  for (const PixelDefect& one : *pixels.found)
    json.push_back({{"x", one.x}, {"y", one.y}, {"span", span_json(facts, one.span)}});
  return json;
}

Json measurements_json(const probes::AssetFacts& facts, const Measurements& taken) {
  Json json = Json::object();
  for (const PictureRuns& found : taken.runs) json[found.name] = spans_json(facts, found.runs);
  if (taken.loudness) {
    json["loudness"] = Json::array();
    for (const auto& one : *taken.loudness) json["loudness"].push_back(loudness_json(one));
  }
  if (taken.levels) {
    json["levels"] = Json::array();
    for (const auto& one : *taken.levels) json["levels"].push_back(levels_json(one));
  }
  if (taken.active_picture) {
    json["active_picture"] = Json::array();
    for (const auto& one : *taken.active_picture)
      json["active_picture"].push_back({{"stream", one.stream},
                                        {"x", one.x},
                                        {"y", one.y},
                                        {"width", one.width},
                                        {"height", one.height}});
  }
  if (taken.scan) {
    json["scan"] = Json::array();
    for (const PictureScan& one : *taken.scan) json["scan"].push_back(scan_json(one));
  }
  if (taken.dead_pixels) json["dead_pixels"] = dead_pixels_json(facts, *taken.dead_pixels);
  if (taken.av_ends)
    json["av_ends"] = {{"difference_s", number(taken.av_ends->difference_s)},
                       {"ends_first", taken.av_ends->ends_first},
                       {"ends_last", taken.av_ends->ends_last}};
  Json undecided = Json::object();
  for (const PictureRuns& found : taken.runs)
    if (!found.undecided.empty()) undecided[found.name] = found.undecided;
  if (taken.dead_pixels && !taken.dead_pixels->undecided.empty())
    undecided["dead_pixels"] = taken.dead_pixels->undecided;
  if (!undecided.empty()) json["undecided"] = std::move(undecided);
  json["defaults"] = Json::object();
  for (const DefaultParameter& one : taken.defaults)
    json["defaults"][one.quantity][one.name] = one.value;
  return json;
}

void put_size_of_unopened(Json& json, const std::string& path) {
  struct stat about {};
  if (stat(path.c_str(), &about) == 0 && S_ISREG(about.st_mode))
    json["bytes"] = static_cast<std::uint64_t>(about.st_size);
}

// ---- check ------------------------------------------------------------------------------------

Json scalar_json(const specs::Scalar& value, specs::Unit unit) {
  if (const auto* text = std::get_if<std::string>(&value)) return to_valid_utf8(*text);
  if (const auto* flag = std::get_if<bool>(&value)) return *flag;
  if (const auto* timecode = std::get_if<Timecode>(&value)) return to_string(*timecode);
  const auto& rational = std::get<Rational>(value);
  if (unit == specs::Unit::frames_per_second || unit == specs::Unit::ratio)
    return to_string(rational);
  return number(rational);
}

Json measured_json(const specs::Measured& measured) {
  Json json = Json::object();
  json["value"] = measured.value ? scalar_json(*measured.value, measured.unit) : Json(nullptr);
  json["unit"] = std::string(specs::to_string(measured.unit));
  if (measured.interval) {
    json["low"] = number(measured.interval->low);
    json["high"] = number(measured.interval->high);
  }
  json["text"] = to_valid_utf8(measured.text);
  return json;
}

Json source_json(const specs::Source& source) {
  Json json = {{"document", source.document}, {"edition", source.edition}};
  put(json, "clause", source.clause);
  put(json, "url", source.url);
  json["grade"] = std::string(specs::to_string(source.grade));
  return json;
}

Json waiver_json(const dam::StoredWaiver& waiver) {
  Json json = {{"waiver", waiver.id},
               {"scope", waiver.scope},
               {"reason", to_valid_utf8(waiver.reason)},
               {"by", to_valid_utf8(waiver.by)},
               {"time", waiver.time}};
  put(json, "until", waiver.until);
  return json;
}

Json finding_of(const probes::AssetFacts& facts, const specs::Finding& finding,
                const Remembered* remembered) {
  Json json = {{"finding_id", finding.finding_id},
               {"requirement", finding.requirement},
               {"quantity", finding.quantity},
               {"outcome", std::string(specs::to_string(finding.outcome))},
               {"severity", std::string(specs::to_string(finding.severity))}};
  put(json, "category", finding.category);
  put(json, "overridable", finding.overridable);
  put(json, "stream", finding.stream);
  put(json, "soundfield", finding.soundfield);
  json["spans"] = spans_json(facts, finding.spans);
  json["spans_total"] = finding.spans_total;
  json["measured"] = measured_json(finding.measured);
  json["expected"] = Json{{"op", finding.expected.op}, {"values", finding.expected.values}};
  put(json["expected"], "tolerance", finding.expected.tolerance);
  json["expected"]["text"] = finding.expected.text;
  json["source"] = source_json(finding.source);
  json["message"] = to_valid_utf8(finding.message);
  put_text(json, "because", finding.because);
  if (!remembered) return json;
  const auto waiver = remembered->waivers.find(finding.finding_id);
  if (waiver != remembered->waivers.end()) json["waiver"] = waiver_json(waiver->second);
  return json;
}

// Of what could not be read there are none.
const probes::AssetFacts& facts_of(const ToldAsset& asset) {
  static const probes::AssetFacts kNone;
  return asset.evidence ? asset.evidence->facts() : kNone;
}

Json evidence_json(const ToldAsset& asset) {
  const probes::AssetFacts& facts = facts_of(asset);
  Json json = Json::object();
  json["decoder"] = facts.decode ? Json(facts.decode->decoder) : Json(nullptr);
  json["isolation"] = asset.isolation.empty() ? Json(nullptr) : Json(asset.isolation);
  Json coverage = {{"depth", std::string(probes::to_string(facts.depth))},
                   {"status", std::string(probes::to_string(asset.status))}};
  if (facts.decode) {
    coverage["frames"] = facts.decode->frames;
    coverage["damaged_frames"] = facts.decode->damaged_frames;
  }
  json["coverage"] = std::move(coverage);
  return json;
}

bool notable(specs::Outcome outcome) {
  return outcome != specs::Outcome::pass && outcome != specs::Outcome::not_applicable;
}

}  // namespace

std::string asset_json(const ToldAsset& asset, const Measurements& measurements) {
  Json json = Json::object();
  put_path(json, asset.path);
  if (!asset.has_header) {
    put_size_of_unopened(json, asset.path);
    json["content_id"] = nullptr;
    put_status(json, asset);
    return printed(json);
  }
  const probes::AssetFacts& facts = asset.evidence->facts();
  const Json known = parsed(probes::to_json(facts));
  for (const char* first : {"bytes", "content_id", "digests"})
    if (known.contains(first)) json[first] = known[first];
  put_status(json, asset);
  if (asset.cataloged) {
    json["catalog"] = {{"number", asset.cataloged->number}};
    json["catalog"]["known"] = asset.cataloged->known.empty() ? "no" : asset.cataloged->known;
  }
  for (const auto& [key, value] : known.items())
    if (!json.contains(key) && key != "decode") json[key] = value;
  json["measurements"] = measurements_json(facts, measurements);
  if (known.contains("decode")) json["decode"] = known["decode"];
  return printed(json);
}

std::string input_json(const ToldAsset& asset) {
  Json json = Json::object();
  put_path(json, asset.path);
  put_status(json, asset);
  return printed(json);
}

std::string verdict_json(const ToldAsset& asset, const specs::Verdict& verdict, FindingsShown shown,
                         const Remembered* remembered) {
  const probes::AssetFacts& facts = facts_of(asset);
  Json about = Json::object();
  put_path(about, asset.path);
  about["content_id"] =
      facts.content_id.is_known() ? Json(to_content_id(*facts.content_id)) : Json(nullptr);
  Json json = {{"asset", std::move(about)},
               {"spec", verdict.spec},
               {"spec_title", verdict.spec_title},
               {"edition", verdict.edition},
               {"revision", verdict.revision},
               {"profile_digest", verdict.profile_digest},
               {"verdict", std::string(specs::to_string(verdict.verdict))},
               {"counts",
                {{"pass", verdict.counts.pass},
                 {"fail", verdict.counts.fail},
                 {"warn", verdict.counts.warn},
                 {"info", verdict.counts.info},
                 {"not_applicable", verdict.counts.not_applicable},
                 {"inconclusive", verdict.counts.inconclusive},
                 {"not_looked_at", verdict.counts.not_looked_at},
                 {"manual", verdict.counts.manual},
                 {"waived", verdict.counts.waived}}}};
  if (verdict.name) json["name"] = to_valid_utf8(*verdict.name);
  if (remembered && remembered->before_waivers != verdict.verdict)
    json["verdict_before_waivers"] = std::string(specs::to_string(remembered->before_waivers));
  json["findings"] = Json::array();
  for (const specs::Finding& finding : verdict.findings)
    if (shown == FindingsShown::all || notable(finding.outcome))
      json["findings"].push_back(finding_of(facts, finding, remembered));
  json["evidence"] = evidence_json(asset);
  return printed(json);
}

std::string finding_json(const probes::AssetFacts& facts, const specs::Finding& finding,
                         const Remembered* remembered) {
  return printed(finding_of(facts, finding, remembered));
}

std::string document(std::string_view kind, const std::vector<DocumentList>& lists,
                     JsonShape shape) {
  Json json = headed("cleangate." + std::string(kind) + "/1");
  for (const DocumentList& list : lists) {
    Json elements = Json::array();
    for (const std::string& element : list.elements) elements.push_back(parsed(element));
    json[std::string(list.key)] = std::move(elements);
  }
  return printed(json, shape) + "\n";
}

}  // namespace cleangate::app
