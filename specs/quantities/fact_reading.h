// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "specs/quantity.h"

// From facts to readings: known -> value, unknown -> not measured, absent -> not applicable.
namespace cleangate::specs::facts {

using Answer = decltype(Reading::value);

[[nodiscard]] inline Answer not_known(const Evidence& evidence) {
  if (evidence.facts().depth == probes::Depth::header)
    return Absent{AbsenceKind::not_measured,
                  "At depth header this is not looked for; measure at depth packets or decode."};
  return Absent{AbsenceKind::not_measured, "The file does not tell."};
}
[[nodiscard]] inline Answer not_applicable(std::string because) {
  return Absent{AbsenceKind::not_applicable, std::move(because)};
}
[[nodiscard]] inline Answer number(const Rational& value) { return Scalar(value); }
[[nodiscard]] inline Answer text(std::string_view value) { return Scalar(std::string(value)); }
[[nodiscard]] inline Answer flag(bool value) { return Scalar(value); }  // NOLINT: it is the value

// A fact whose absence means that the subject has no such property.
template <class T, class Convert>
[[nodiscard]] Answer of(const Evidence& evidence, const Fact<T>& fact, Convert convert,
                        std::string_view absent_because) {
  if (fact.is_known()) return Answer(Scalar(convert(*fact)));
  return fact.is_unknown() ? not_known(evidence) : not_applicable(std::string(absent_because));
}
// The same for facts of the essence: at depth header their absence says nothing yet.
template <class T, class Convert>
[[nodiscard]] Answer of_essence(const Evidence& evidence, const Fact<T>& fact, Convert convert,
                                std::string_view absent_because) {
  if (fact.is_absent() && evidence.facts().depth == probes::Depth::header)
    return not_known(evidence);
  return of(evidence, fact, convert, absent_because);
}
// A plain number that is 0 where nobody stated it.
[[nodiscard]] inline Answer positive(const Evidence& evidence, std::int64_t value) {
  return value > 0 ? number(value) : not_known(evidence);
}

inline constexpr auto kAsNumber = [](const auto& value) { return Rational(value); };
inline constexpr auto kAsText = [](const auto& value) { return std::string(value); };
inline constexpr auto kAsFlag = [](bool value) { return value; };
inline constexpr auto kAsWord = [](auto value) { return std::string(probes::to_string(value)); };

[[nodiscard]] inline std::vector<Reading> whole_file(Answer answer) {
  return {Reading{Subject{}, std::move(answer), {}, {}}};
}

// A stream as it is from one change of its format to the next; the whole of it where it has none.
struct PartOfPicture {
  std::int64_t first_frame = 0;
  probes::StreamFacts stream;
};
struct PartOfSound {
  probes::AudioFacts facts;
  std::optional<std::string> because;
  std::vector<Span> where;
};
[[nodiscard]] std::vector<PartOfPicture> picture_parts(const Evidence& evidence,
                                                       const probes::StreamFacts& stream);
// One reading for each part, those next to each other with the same answer being one. What no
// change alters is told of the whole stream.
[[nodiscard]] std::vector<Reading> in_parts(const probes::StreamFacts& stream,
                                            std::vector<std::pair<std::int64_t, Answer>> answers);
[[nodiscard]] std::vector<PartOfSound> sound_parts(const Evidence& evidence,
                                                   const probes::StreamFacts& stream);

template <class Ask>
[[nodiscard]] std::vector<Reading> each_video(const Evidence& evidence, Ask ask) {
  std::vector<Reading> readings;
  for (const probes::StreamFacts& stream : evidence.facts().streams)
    if (const auto* video = stream.video())
      readings.push_back({{SubjectKind::video_stream, stream.index}, ask(stream, *video), {}, {}});
  return readings;
}

template <class Ask>
[[nodiscard]] std::vector<Reading> each_audio(const Evidence& evidence, Ask ask) {
  std::vector<Reading> readings;
  for (const probes::StreamFacts& stream : evidence.facts().streams)
    if (const auto* audio = stream.audio())
      readings.push_back({{SubjectKind::audio_stream, stream.index}, ask(stream, *audio), {}, {}});
  return readings;
}

// The same of what a format change alters: one reading for each form, so that no part of the stream
// fails unseen, and none of them passes for the whole.
template <class Ask>
[[nodiscard]] std::vector<Reading> each_picture_format(const Evidence& evidence, Ask ask) {
  std::vector<Reading> readings;
  for (const probes::StreamFacts& stream : evidence.facts().streams) {
    if (!stream.video()) continue;
    std::vector<std::pair<std::int64_t, Answer>> answers;
    for (const PartOfPicture& part : picture_parts(evidence, stream))
      answers.emplace_back(part.first_frame, ask(part.stream, *part.stream.video()));
    for (Reading& reading : in_parts(stream, std::move(answers)))
      readings.push_back(std::move(reading));
  }
  return readings;
}

template <class Ask>
[[nodiscard]] std::vector<Reading> each_sound_format(const Evidence& evidence, Ask ask) {
  std::vector<Reading> readings;
  for (const probes::StreamFacts& stream : evidence.facts().streams) {
    if (!stream.audio()) continue;
    for (const PartOfSound& part : sound_parts(evidence, stream))
      readings.push_back({{SubjectKind::audio_stream, stream.index},
                          ask(stream, part.facts),
                          part.because,
                          part.where});
  }
  return readings;
}

// What is counted or timed over the whole essence says less when the container is broken: a pass
// must not rest on it.
[[nodiscard]] inline std::vector<Reading> tainted_by_structure(const Evidence& evidence,
                                                               std::vector<Reading> readings) {
  const auto& damage = evidence.facts().container_damage;
  if (!damage.empty())
    for (Reading& reading : readings)
      reading.tainted_because = "The container is damaged: " + damage.front().message;
  return readings;
}

}  // namespace cleangate::specs::facts
