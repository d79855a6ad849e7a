// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/text.h"
#include "specs/reader.h"

namespace cleangate::specs {

Bounds read_bounds(Reader& reader, const YamlNode& node, const std::string& path) {
  Bounds bounds;
  if (node.is_mapping()) {
    reader.keys(node, path, {"min", "max"});
    if (const YamlNode* least = node.find("min"))
      bounds.min = reader.natural(*least, child_path(path, "min"));
    if (const YamlNode* most = node.find("max"))
      bounds.max = reader.natural(*most, child_path(path, "max"));
    if (!bounds.min && !bounds.max) reader.problem(node, path, "says neither min nor max");
    if (bounds.min && bounds.max && *bounds.min > *bounds.max)
      reader.problem(node, path, "min is above max: nothing can meet it");
  } else {
    bounds.min = bounds.max = reader.natural(node, path);
  }
  return bounds;
}

void read_list(Reader& reader, const YamlNode& list, const std::string& path, const LimitType& type,
               std::size_t least, std::size_t most, std::vector<Limit>& into) {
  if (!list.is_sequence() || list.items.size() < least || list.items.size() > most) {
    reader.problem(list, path,
                   least == most
                       ? fmt::format("wants a list of {} values", least)
                       : "wants a list of at least one value; an empty one can never be met");
    return;
  }
  for (std::size_t i = 0; i < list.items.size(); ++i)
    if (auto limit = reader.limit(list.items[i], fmt::format("{}[{}]", path, i), type))
      into.push_back(std::move(*limit));
}

namespace {

std::optional<SubjectKind> subject_of(std::size_t index) {
  constexpr SubjectKind kKinds[] = {SubjectKind::video_stream, SubjectKind::audio_stream,
                                    SubjectKind::any_stream, SubjectKind::soundfield,
                                    SubjectKind::caption_service};
  return kKinds[index];
}

void read_filters(Reader& reader, const YamlNode& node, const std::string& path,
                  Selector& selector) {
  const bool field = selector.kind == SubjectKind::soundfield;
  const bool captions = selector.kind == SubjectKind::caption_service;
  const std::vector<std::string> allowed =
      field      ? std::vector<std::string>{"role", "layout", "language", "soundfield"}
      : captions ? std::vector<std::string>{"carriage", "stream"}
                 : std::vector<std::string>{"codec", "language", "stream"};
  for (const auto& [key, value] : node.members) {
    if (key == "each" || key == "any" || key == "count" || key == "of") continue;
    const std::string at = child_path(path, readable(key));
    if (std::find(allowed.begin(), allowed.end(), key) == allowed.end()) {
      reader.problem(value, at,
                     fmt::format("unknown filter{}; allowed here: {}", did_you_mean(key, allowed),
                                 fmt::join(allowed, ", ")));
      continue;
    }
    const bool number = key == "stream" || key == "soundfield";
    const LimitType type{number ? ValueKind::number : ValueKind::text, Unit::count, {}};
    Filter filter{key, {}};
    if (value.is_sequence())
      read_list(reader, value, at, type, 1, 1000, filter.values);
    else if (auto limit = reader.limit(value, at, type))
      filter.values.push_back(std::move(*limit));
    selector.filters.push_back(std::move(filter));
  }
}

bool speaks_of(SubjectKind quantity, SubjectKind asked) {
  if (quantity == SubjectKind::any_stream)
    return asked == SubjectKind::any_stream || asked == SubjectKind::video_stream ||
           asked == SubjectKind::audio_stream;
  return quantity == asked;
}

std::string_view class_name(SubjectKind kind) {
  switch (kind) {
    case SubjectKind::file:
      return "file";
    case SubjectKind::video_stream:
      return "video";
    case SubjectKind::audio_stream:
      return "audio";
    case SubjectKind::any_stream:
      return "stream, video or audio";
    case SubjectKind::soundfield:
      return "soundfield";
    case SubjectKind::caption_service:
      return "captions";
  }
  return "";
}

}  // namespace

Selector read_selector(Reader& reader, const YamlNode& node, const std::string& path,
                       const QuantityInfo* quantity) {
  Selector selector;
  if (!node.is_mapping()) {
    reader.problem(node, path,
                   "is not a mapping; write {each: CLASS}, {any: CLASS} or {count: N, of: CLASS}");
    return selector;
  }
  const int ways =
      (node.find("each") ? 1 : 0) + (node.find("any") ? 1 : 0) + (node.find("count") ? 1 : 0);
  if (ways != 1 || (node.find("of") && !node.find("count"))) {
    reader.problem(node, path,
                   "says not exactly one of each: CLASS, any: CLASS, count: N with of: CLASS");
    return selector;
  }
  const char* key = node.find("each") ? "each" : node.find("any") ? "any" : "of";
  selector.how = node.find("each")  ? Selector::How::each
                 : node.find("any") ? Selector::How::any
                                    : Selector::How::count;
  if (const YamlNode* count = node.find("count"))
    selector.count = read_bounds(reader, *count, child_path(path, "count"));
  const auto kind =
      reader.word(node, path, key, {"video", "audio", "stream", "soundfield", "captions"},
                  Reader::Need::required);
  if (!kind) return selector;
  selector.kind = *subject_of(*kind);
  if (quantity && !quantity->id.empty() && !speaks_of(quantity->subject, selector.kind))
    reader.problem(*node.find(key), child_path(path, key),
                   quantity->subject == SubjectKind::file
                       ? fmt::format("{} is asked of the whole file; leave `for` out", quantity->id)
                       : fmt::format("{} is not asked of that; allowed: {}", quantity->id,
                                     class_name(quantity->subject)));
  read_filters(reader, node, path, selector);
  return selector;
}

}  // namespace cleangate::specs
