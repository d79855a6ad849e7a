// SPDX-License-Identifier: Apache-2.0
#include "specs/subjects.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"

namespace cleangate::specs {

const probes::StreamFacts* find_stream(const probes::AssetFacts& facts, int index) {
  const auto found = std::find_if(facts.streams.begin(), facts.streams.end(),
                                  [&](const auto& stream) { return stream.index == index; });
  return found == facts.streams.end() ? nullptr : &*found;
}

const probes::Soundfield* find_soundfield(const probes::AssetFacts& facts, int id) {
  const auto found = std::find_if(facts.soundfields.begin(), facts.soundfields.end(),
                                  [&](const auto& field) { return field.id == id; });
  return found == facts.soundfields.end() ? nullptr : &*found;
}

std::string name_of(const probes::AssetFacts& facts, const Subject& subject) {
  switch (subject.kind) {
    case SubjectKind::file:
      return "";
    case SubjectKind::video_stream:
    case SubjectKind::audio_stream:
    case SubjectKind::any_stream:
      return fmt::format("stream {}", subject.index);
    case SubjectKind::soundfield: {
      const auto* field = find_soundfield(facts, subject.index);
      if (!field) return fmt::format("soundfield {}", subject.index);
      std::string traits = field->layout;
      if (field->language) traits += ", " + *field->language;
      if (field->role != "main") traits += ", " + field->role;
      return fmt::format("soundfield {} ({})", subject.index, readable(traits));
    }
    case SubjectKind::caption_service: {
      const auto at = static_cast<std::size_t>(subject.index);
      if (subject.index < 0 || at >= facts.captions.size())
        return fmt::format("captions {}", subject.index + 1);
      return fmt::format("captions {} ({})", subject.index + 1,
                         readable(facts.captions[at].carriage));
    }
  }
  return "";
}

std::string_view class_of(SubjectKind kind) {
  switch (kind) {
    case SubjectKind::file:
      return "file";
    case SubjectKind::video_stream:
      return "video stream";
    case SubjectKind::audio_stream:
      return "audio stream";
    case SubjectKind::any_stream:
      return "stream";
    case SubjectKind::soundfield:
      return "soundfield";
    case SubjectKind::caption_service:
      return "caption carriage";
  }
  return "";
}

bool language_matches(std::string_view range, std::string_view tag) {
  const auto lower = [](char c) {
    return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  };
  if (tag.size() < range.size()) return false;
  for (std::size_t i = 0; i < range.size(); ++i)
    if (lower(range[i]) != lower(tag[i])) return false;
  return tag.size() == range.size() || tag[range.size()] == '-';
}

}  // namespace cleangate::specs
