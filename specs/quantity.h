// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/rational.h"
#include "core/timecode.h"
#include "specs/evidence.h"

// A quantity says what a measurement comes to: a pure function (evidence, parameters) -> readings.
// It knows no limit, no severity.
namespace cleangate::specs {

// Units of quantities, limits and parameters. Numbers are exact Rationals in the base unit named
// here.
enum class Unit : std::uint8_t {
  none,  // text, flags, counts without unit
  count,
  lufs,
  lu,
  dbtp,
  dbfs,
  db,
  seconds,  // written s, ms, min, h; frames and timecode convert by the stream's rate
  frames,
  hertz,            // Hz, kHz
  bits_per_second,  // b/s, kb/s, Mb/s
  bytes,            // B, kB, MB, GB (10^3), KiB, MiB, GiB
  bits,             // bit depth
  pixels,
  frames_per_second,  // fps
  percent,            // of the nominal narrow range (levels) or of a whole (area, share)
  code,  // native code values; where a limit or parameter is in `code`, percent is accepted too
  ratio,
  degrees,
  candela_per_m2,
  ppm  // parts per million
};
[[nodiscard]] std::string_view to_string(Unit unit);

enum class ValueKind : std::uint8_t { number, text, flag, timecode, spans };

// What is asked of a whole file, of each stream of a kind, or of each soundfield.
enum class SubjectKind : std::uint8_t {
  file,
  video_stream,
  audio_stream,
  any_stream,
  soundfield,
  caption_service
};

struct Subject {
  SubjectKind kind = SubjectKind::file;
  int index = -1;  // stream index or soundfield id
  friend auto operator<=>(const Subject&, const Subject&) = default;
};

// A run in time. Frames are presented frames of `stream`, half-open; seconds are exact on the
// asset's timeline.
struct Span {
  std::optional<int> stream, soundfield, channel;
  std::optional<std::int64_t> first_frame, end_frame;
  std::optional<std::int64_t> first_sample, end_sample;
  Rational start_s, end_s;
  std::optional<Rational> value;
  std::optional<Rational> confidence;  // 0..1
  friend bool operator==(const Span&, const Span&) = default;
};

using Scalar = std::variant<Rational, std::string, bool, Timecode>;

// Where the stored rows cannot say more than that the value lies here; both ends included.
struct Interval {
  Rational low, high;
  friend bool operator==(const Interval&, const Interval&) = default;
};

struct Spans {
  std::vector<Span> runs;  // in order, not overlapping per stream/channel
  std::vector<Span>
      undecided;  // runs that the stored resolution, damage or missing rows leave open
  friend bool operator==(const Spans&, const Spans&) = default;
};

enum class AbsenceKind : std::uint8_t {
  not_applicable,  // the subject has no such property (field order of a progressive stream)
  not_measured,    // the rows or facts were not taken (depth, older row version, unsupported codec)
  undefined,       // measured, and there is no number: no block above the gate, no sound at all
  below_any,       // measured, and lies below every number: the level of digital silence (-inf dB)
  damaged,         // the evidence is damaged where it matters
  undecided        // measured, and what was measured does not tell: nothing moves
};

struct Absent {
  AbsenceKind kind = AbsenceKind::not_measured;
  std::string because;  // one sentence with a full stop
  friend bool operator==(const Absent&, const Absent&) = default;
};

struct Reading {
  Subject subject;
  std::variant<Scalar, Interval, Spans, Absent> value;
  // Damage or missing evidence inside the measured window: a pass must become inconclusive, and so
  // must a fail that what is missing could undo (Quantity::missing).
  std::optional<std::string> tainted_because;
  std::vector<Span> where;  // where a scalar was found (position of the maximum …), for the report
  friend bool operator==(const Reading&, const Reading&) = default;
};

// Part of the asset's timeline, half-open, exact seconds; the default is the whole file.
struct Window {
  std::optional<Rational> in_s, out_s;
  friend bool operator==(const Window&, const Window&) = default;
};

struct ParameterInfo {
  std::string_view name;
  Unit unit;  // `code` takes code values or percent, `seconds` also frames (Parameters::unit tells)
  ValueKind kind;                  // number or text or flag
  std::string_view default_value;  // as written in a profile: "5 %"
  std::string_view meaning;
  // What the method and its rows can answer, both included, written as the default is; empty: no
  // end. Only of numbers that one unit is accepted for.
  std::string_view least = {}, most = {};
};

// Named values, already converted to the parameter's base unit; absent ones take the default.
class Parameters {
 public:
  virtual ~Parameters() = default;
  [[nodiscard]] virtual Rational number(std::string_view name) const = 0;
  [[nodiscard]] virtual std::string text(std::string_view name) const = 0;
  [[nodiscard]] virtual bool flag(std::string_view name) const = 0;
  // The unit the number was written in where a parameter allows several (level: percent or code).
  [[nodiscard]] virtual Unit unit(std::string_view name) const = 0;
};

// Rows a quantity folds; facts need none.
struct RowNeed {
  std::string_view row;  // RowType::name
};

// What pictures and sound that were not measured (a cut file, damaged or undecoded frames) could
// still do to a value. A fail that they could undo is inconclusive.
enum class Missing : std::uint8_t {
  either,  // anything: raise or lower a number, change a text
  raises,  // a maximum, a count, a duration; no to yes; more runs, and longer ones
  lowers,  // a minimum; yes to no; an earlier label
  nothing  // what is said once, of the whole
};

struct Quantity {
  std::string_view id;  // "loudness.integrated"
  int version;          // raised when the same rows give another value
  ValueKind kind;
  Unit unit;
  SubjectKind subject;
  std::span<const RowNeed> needs;
  std::span<const ParameterInfo> parameters;
  std::span<const std::string_view>
      allowed;            // texts it can yield, where they are a closed set; empty = open
  std::string_view noun;  // for messages: "programme loudness" ("The {noun} of soundfield 1 is …";
                          // spans: "There is {noun} …")
  std::string_view meaning;   // one sentence for `specs show` and docs
  std::string_view document;  // "ITU-R BS.1770-5, annex 1"
  // One reading per subject that exists; no subject of its kind -> empty vector.
  std::vector<Reading> (*evaluate)(const Evidence&, const Parameters&, const Window&);
  Missing missing = Missing::either;
};

// Every quantity (specs/quantities/quantities.def).
[[nodiscard]] std::span<const Quantity* const> quantities();
[[nodiscard]] const Quantity* find_quantity(std::string_view id);
// Default parameters of a quantity.
[[nodiscard]] const Parameters& default_parameters(const Quantity& quantity);

}  // namespace cleangate::specs
