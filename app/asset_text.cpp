// SPDX-License-Identifier: Apache-2.0
#include "app/asset_text.h"

#include <algorithm>
#include <vector>

#include <fmt/core.h>
#include <fmt/format.h>

#include "app/wording.h"
#include "core/color.h"
#include "core/text.h"
#include "probes/facts/format_changes.h"

namespace cleangate::app {
namespace {

constexpr int kLabelColumns = 14;
constexpr std::size_t kRunsShown = 8, kErrorsShown = 5, kFormatsShown = 4;

// Parts joined by ", ", the empty ones left out.
std::string joined(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) {
    if (part.empty()) continue;
    if (!out.empty()) out += ", ";
    out += part;
  }
  return out;
}

std::string text_or(const Fact<std::string>& fact, std::string_view unknown) {
  if (fact.is_known()) return *fact;
  return fact.is_unknown() ? std::string(unknown) : std::string();
}

class Table {
 public:
  explicit Table(const Layout& layout) : layout_(layout) {}
  void row(std::string_view label, const std::string& text, Ink color = Ink::plain) {
    out_ += "  " + ink(layout_, Ink::dim, label);
    const int used = 2 + columns(label);
    out_.append(static_cast<std::size_t>(std::max(1, kLabelColumns - used)), ' ');
    const std::string lines = wrapped(layout_, kLabelColumns, readable(text));
    out_ +=
        color == Ink::plain ? lines : ink(layout_, color, lines.substr(0, lines.size() - 1)) + "\n";
  }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  const Layout& layout_;
  std::string out_;
};

std::string container_line(const probes::AssetFacts& facts) {
  const probes::ContainerFacts& c = facts.container;
  std::string format = c.format;
  if (c.brand.is_known())  // four characters, padded with spaces
    format += fmt::format(" (brand {})", c.brand->substr(0, c.brand->find_last_not_of(' ') + 1));
  if (c.operational_pattern.is_known()) format += " " + *c.operational_pattern;
  std::string fast_start;
  if (c.fast_start.is_known())
    fast_start = *c.fast_start ? "index first (fast start)" : "index at the end";
  return joined(
      {format, c.duration_s.is_known() ? duration_text(*c.duration_s) : "", bytes_text(facts.bytes),
       c.bit_rate.is_known() ? bit_rate_text(*c.bit_rate) : "", fast_start,
       c.edit_lists.is_known() && *c.edit_lists ? "edit list that changes the timing" : ""});
}

std::string rate_text(const probes::VideoFacts& video) {
  if (!video.frame_rate_mode.is_known() && !video.frame_rate.is_known()) return "rate not known";
  const bool variable =
      video.frame_rate_mode.is_known() && *video.frame_rate_mode == probes::RateMode::variable;
  const std::string number =
      video.frame_rate.is_known() ? to_decimal(*video.frame_rate, 3) + " fps" : "";
  if (!variable) return number.empty() ? "rate not known" : number;
  return number.empty() ? "variable frame rate"
                        : fmt::format("{} nominal, variable frame rate", number);
}

std::string scan_text(const probes::VideoFacts& video) {
  if (!video.scan.is_known()) return video.scan.is_unknown() ? "scan not known" : "";
  std::string text(probes::to_string(*video.scan));
  if (video.field_order.is_known())
    text += fmt::format(", {} field first", probes::to_string(*video.field_order));
  return text;
}

std::string color_text(const ColorDescription& color) {
  const std::string primaries = to_string(color.primaries), transfer = to_string(color.transfer),
                    matrix = to_string(color.matrix);
  const std::string names = primaries == transfer && transfer == matrix
                                ? primaries
                                : fmt::format("{}/{}/{}", primaries, transfer, matrix);
  return names == "unspecified" && color.range == SignalRange::unspecified
             ? "color unspecified"
             : fmt::format("{} {}", names,
                           color.range == SignalRange::unspecified
                               ? "range unspecified"
                               : fmt::format("{} range", to_string(color.range)));
}

std::string codec_text(const probes::StreamFacts& stream) {
  std::string text = stream.codec;
  if (stream.profile.is_known()) text += " " + *stream.profile;
  if (stream.level.is_known()) text += "@" + *stream.level;
  return text;
}

std::string video_line(const probes::StreamFacts& stream, const probes::VideoFacts& video) {
  std::string size = fmt::format("{}x{}", video.width, video.height);
  if (video.display_aspect.is_known())
    size += fmt::format(" ({}:{})", video.display_aspect->num(), video.display_aspect->den());
  std::string depth;
  if (video.bit_depth.is_known()) depth = fmt::format("{} bit", *video.bit_depth);
  std::string hdr;
  if (video.hdr.is_known()) hdr = fmt::format("{}", fmt::join(video.hdr->formats, "+"));
  return joined(
      {codec_text(stream), size, rate_text(video), scan_text(video),
       text_or(video.chroma, "chroma not known"), depth, color_text(video.color), hdr,
       video.rotation.is_known() && *video.rotation != 0
           ? fmt::format("rotated {}°", *video.rotation)
           : "",
       video.frame_count.is_known() ? count_text(*video.frame_count, "frame", "frames") : "",
       stream.bit_rate.is_known() ? bit_rate_text(stream.bit_rate->mean) : ""});
}

std::string audio_line(const probes::StreamFacts& stream, const probes::AudioFacts& audio) {
  return joined(
      {codec_text(stream), to_decimal(Rational(audio.sample_rate, 1000), 3) + " kHz",
       count_text(audio.channels, "channel", "channels"),
       audio.channel_layout.is_known() ? *audio.channel_layout : "",
       audio.bit_depth.is_known() ? fmt::format("{} bit", *audio.bit_depth) : "",
       stream.language.is_known() ? *stream.language : "",
       audio.embedded.is_known() ? fmt::format("carries {}, not sound", *audio.embedded) : "",
       stream.bit_rate.is_known() ? bit_rate_text(stream.bit_rate->mean) : ""});
}

void streams(Table& table, const probes::AssetFacts& facts) {
  for (const probes::StreamFacts& stream : facts.streams) {
    const std::string label = fmt::format("{} {}", stream.index, probes::to_string(stream.kind));
    if (stream.video())
      table.row(label, video_line(stream, *stream.video()));
    else if (stream.audio())
      table.row(label, audio_line(stream, *stream.audio()));
    else
      table.row(label,
                joined({codec_text(stream), stream.language.is_known() ? *stream.language : ""}));
  }
}

std::string timecode_line(const probes::TimecodeFacts& timecode) {
  std::string rate;
  if (timecode.rate.is_known()) rate = to_decimal(*timecode.rate, 3) + " a second";
  std::string jumps;
  if (!timecode.discontinuities.empty())
    jumps = fmt::format("{}, the first at frame {}",
                        count_text(static_cast<std::int64_t>(timecode.discontinuities.size()),
                                   "discontinuity", "discontinuities"),
                        timecode.discontinuities.front().frame);
  return joined({text_or(timecode.start, "start not known"),
                 fmt::format("from {}", probes::to_string(timecode.source)), rate,
                 timecode.drop_frame.is_known() && *timecode.drop_frame ? "drop-frame" : "", jumps,
                 timecode.primary ? "primary" : ""});
}

std::string decimal(const std::optional<Rational>& value, std::string_view unit) {
  return value ? fmt::format("{} {}", to_fixed(*value, 2), unit) : "";
}

std::string loudness_line(const SoundfieldLoudness& loudness) {
  std::string text =
      joined({decimal(loudness.integrated_lufs, "LUFS"),
              loudness.range_lu ? fmt::format("range {} LU", to_fixed(*loudness.range_lu, 1)) : "",
              loudness.momentary_max_lufs
                  ? fmt::format("momentary max {}", to_fixed(*loudness.momentary_max_lufs, 1))
                  : "",
              loudness.short_term_max_lufs
                  ? fmt::format("short-term max {}", to_fixed(*loudness.short_term_max_lufs, 1))
                  : "",
              loudness.true_peak_dbtp
                  ? fmt::format("true peak {} dBTP", to_fixed(*loudness.true_peak_dbtp, 2))
                  : "",
              loudness.sample_peak_dbfs
                  ? fmt::format("sample peak {} dBFS", to_fixed(*loudness.sample_peak_dbfs, 2))
                  : ""});
  if (loudness.because) text += (text.empty() ? "" : ". ") + *loudness.because;
  return text;
}

void sound(Table& table, const probes::AssetFacts& facts, const Measurements& taken) {
  for (const probes::Soundfield& field : facts.soundfields) {
    std::string labels;
    for (const probes::SoundfieldChannel& channel : field.channels)
      labels += (labels.empty() ? "" : " ") + channel.label;
    table.row(fmt::format("sound {}", field.id),
              joined({fmt::format("{} ({})", field.layout, labels), field.role,
                      field.language.value_or(""),
                      fmt::format("grouping: {}", probes::to_string(field.grouping))}));
    if (!taken.loudness) continue;
    for (const SoundfieldLoudness& loudness : *taken.loudness)
      if (loudness.soundfield == field.id) table.row("", loudness_line(loudness));
  }
}

// "telecined, top field first, cadence 2:3 (interlaced as progressive by its flags)"
std::string scan_line(const PictureScan& scan) {
  std::string text = scan.scan.value_or("not known");
  if (scan.field_order && *scan.field_order != "mixed")
    text += fmt::format(", {} field first", *scan.field_order);
  else if (scan.field_order)
    text += ", field order mixed";
  if (scan.cadence && *scan.cadence != "none") text += fmt::format(", cadence {}", *scan.cadence);
  if (scan.against_flags && *scan.against_flags == "several")
    text += "; contradicts its flags in several ways";
  else if (scan.against_flags && *scan.against_flags != "agree")
    text += fmt::format("; by its flags {}", *scan.against_flags);
  if (scan.because) text += fmt::format(". {}", *scan.because);
  return text;
}

// Of runs that JSON names, in the width of the table.
std::string label_of(const PictureRuns& found) {
  static constexpr std::pair<std::string_view, std::string_view> kShort[] = {
      {"cadence_breaks", "cadence"},
      {"line_dropouts", "lost lines"},
      {"column_dropouts", "lost cols"},
      {"luminance_flashes", "flashes"},
      {"red_flashes", "red flashes"}};
  for (const auto& [name, label] : kShort)
    if (found.name == name) return std::string(label);
  return found.name;
}

void dead_pixels(Table& table, const probes::AssetFacts& facts, const DeadPixels& pixels) {
  const std::size_t count = pixels.found ? pixels.found->size() : 0;
  for (std::size_t i = 0; i < std::min(count, kRunsShown); ++i) {
    const PixelDefect& one = (*pixels.found)[i];
    table.row(i == 0 ? "dead pixel" : "",
              fmt::format("{},{} {}", one.x, one.y, where_text(facts, one.span)));
  }
  if (count > kRunsShown) table.row("", fmt::format("and {} more", count - kRunsShown));
  for (const std::string& why : pixels.undecided) table.row("dead pixel?", why);
}

void picture(Table& table, const probes::AssetFacts& facts, const Measurements& taken) {
  if (taken.levels)
    for (const LumaLevels& one : *taken.levels) {
      const auto part = [](const char* name, const std::optional<Rational>& value) {
        return value ? fmt::format("{} {}", name, to_decimal(*value, 0)) : std::string();
      };
      std::string text = joined({part("min", one.min), part("1 %", one.p1), part("median", one.p50),
                                 part("99 %", one.p99), part("max", one.max)});
      if (!text.empty()) text += " (code values)";
      if (one.because) text += (text.empty() ? "" : ". ") + *one.because;
      table.row(fmt::format("luma {}", one.stream), text);
    }
  if (taken.active_picture)
    for (const ActivePicture& one : *taken.active_picture)
      table.row("active", fmt::format("{}x{} at {},{}", one.width, one.height, one.x, one.y));
  if (taken.scan)
    for (const PictureScan& one : *taken.scan)
      table.row(fmt::format("scan {}", one.stream), scan_line(one));
  if (taken.dead_pixels) dead_pixels(table, facts, *taken.dead_pixels);
  for (const PictureRuns& found : taken.runs) {
    const std::string label = label_of(found);
    if (found.runs.empty() && found.undecided.empty() && !found.none.empty())
      table.row(label, found.none);
    for (std::size_t i = 0; i < std::min(found.runs.size(), kRunsShown); ++i)
      table.row(i == 0 ? label : "", where_text(facts, found.runs[i]));
    if (found.runs.size() > kRunsShown)
      table.row("", fmt::format("and {} more runs", found.runs.size() - kRunsShown));
    for (const std::string& why : found.undecided) table.row(label + "?", why);
  }
}

void ends(Table& table, const probes::AssetFacts& facts, const Measurements& taken) {
  if (!taken.av_ends || !taken.av_ends->notable) return;
  const auto name = [&](int index) {
    for (const probes::StreamFacts& stream : facts.streams)
      if (stream.index == index)
        return fmt::format("stream {} ({})", index, probes::to_string(stream.kind));
    return fmt::format("stream {}", index);
  };
  table.row("ends",
            fmt::format("{} ends {} s before {}", name(taken.av_ends->ends_first),
                        to_fixed(taken.av_ends->difference_s, 3), name(taken.av_ends->ends_last)),
            Ink::warning);
}

std::string format_changes_text(int stream, const probes::Conflict& conflict) {
  std::string text = fmt::format("stream {} changes its format: ", stream);
  for (std::size_t i = 0; i < std::min(conflict.values.size(), kFormatsShown); ++i)
    text += fmt::format("{}from {} {}", i == 0 ? "" : "; ", conflict.values[i].by,
                        conflict.values[i].value);
  if (conflict.values.size() > kFormatsShown)
    text += fmt::format("; and {} times more", conflict.values.size() - kFormatsShown);
  return text;
}

void troubles(Table& table, const probes::AssetFacts& facts) {
  for (const probes::Conflict& conflict : facts.conflicts) {
    if (const auto stream = probes::format_conflict_stream(conflict)) {
      table.row("changes", format_changes_text(*stream, conflict), Ink::warning);
      continue;
    }
    std::vector<std::string> voices;
    for (const probes::ConflictVoice& voice : conflict.values)
      voices.push_back(fmt::format("{} says {}", voice.by, voice.value));
    table.row("conflict", fmt::format("{}: {}", conflict.field, joined(voices)), Ink::warning);
  }
  std::vector<probes::Damage> damage = facts.container_damage;
  std::int64_t total = static_cast<std::int64_t>(damage.size());
  if (facts.decode) {
    damage.insert(damage.end(), facts.decode->errors.begin(), facts.decode->errors.end());
    total += facts.decode->errors_total;
    if (facts.decode->damaged_frames > 0)
      table.row("damage",
                count_text(facts.decode->damaged_frames, "damaged frame", "damaged frames"),
                Ink::bad);
  }
  for (std::size_t i = 0; i < std::min(damage.size(), kErrorsShown); ++i) {
    std::string where;
    if (damage[i].stream >= 0) where = fmt::format("stream {}", damage[i].stream);
    if (damage[i].frame) where += fmt::format(" at {}", *damage[i].frame);
    table.row("damage", where.empty() ? damage[i].message : where + ": " + damage[i].message,
              Ink::bad);
  }
  if (total > static_cast<std::int64_t>(kErrorsShown))
    table.row("damage", fmt::format("{} messages in all", total), Ink::bad);
}

}  // namespace

std::string trouble_text(const ToldAsset& asset) {
  if (asset.status == probes::Status::measured) return {};
  if (asset.error) return readable(asset.error->message);
  return fmt::format("{}: {}.", readable(asset.path), probes::to_string(asset.status));
}

std::string asset_text(const Layout& layout, const ToldAsset& asset,
                       const Measurements& measurements) {
  std::string out = ink(layout, Ink::bold, readable(asset.path)) + "\n";
  Table table(layout);
  if (asset.status != probes::Status::measured)  // why stands on stderr, and below
    table.row("status",
              asset.has_facts ? "partial: these are the facts of what could be read"
                              : fmt::format("{}: these are the facts of its tables only",
                                            probes::to_string(asset.status)),
              Ink::bad);
  if (asset.cataloged)
    table.row("catalog", asset.cataloged->known.empty()
                             ? fmt::format("remembered as asset {}", asset.cataloged->number)
                             : fmt::format("asset {}, known by {}: nothing was decoded",
                                           asset.cataloged->number, asset.cataloged->known));
  if (asset.has_header) {
    const probes::AssetFacts& facts = asset.evidence->facts();
    table.row("container", container_line(facts));
    for (const probes::TimecodeFacts& timecode : facts.timecodes)
      table.row("timecode", timecode_line(timecode));
    streams(table, facts);
    sound(table, facts, measurements);
    for (const probes::CaptionFacts& captions : facts.captions)
      table.row("captions",
                joined({captions.carriage, fmt::format("{}", fmt::join(captions.standards, "+")),
                        captions.stream ? fmt::format("stream {}", *captions.stream) : ""}));
    picture(table, facts, measurements);
    ends(table, facts, measurements);
    troubles(table, facts);
  }
  return out + table.take();
}

}  // namespace cleangate::app
