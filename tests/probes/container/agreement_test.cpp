// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "probes/container/container.h"
#include "tests/probes/container/tools.h"
#include "tests/support/shared_media.h"

// Every real file at hand against mediainfo, field by field. Where the two differ,
// docs/agreement.md says why; a difference that is not listed here fails.
namespace cleangate::test {
namespace {

using Json = nlohmann::json;

std::string text(const Json& track, const char* key) {
  const auto found = track.find(key);
  return found != track.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// What the two readers were compared in, and where they differ.
class Comparison {
 public:
  explicit Comparison(std::string file) : file_(std::move(file)) {}
  void equal(const std::string& field, const std::string& ours, const std::string& theirs) {
    ++compared_;
    if (ours != theirs)
      differences_.push_back(file_ + ": " + field + " is " + ours + ", mediainfo says " + theirs);
  }
  [[nodiscard]] const std::vector<std::string>& differences() const { return differences_; }
  [[nodiscard]] int compared() const { return compared_; }

 private:
  std::string file_;
  std::vector<std::string> differences_;
  int compared_ = 0;
};

std::string name_of(const std::map<std::string, std::string>& names, const std::string& theirs) {
  const auto found = names.find(theirs);
  return found == names.end() ? theirs : found->second;
}

std::string primaries(const std::string& theirs) {
  return name_of({{"BT.709", "bt709"},
                  {"BT.2020", "bt2020"},
                  {"BT.601 PAL", "bt470bg"},
                  {"BT.601 NTSC", "smpte170m"},
                  {"Display P3", "smpte432"}},
                 theirs);
}

std::string transfer(const std::string& theirs) {
  return name_of({{"BT.709", "bt709"},
                  {"PQ", "smpte2084"},
                  {"HLG", "arib-std-b67"},
                  {"BT.601", "smpte170m"},
                  {"BT.2020 (10-bit)", "bt2020-10"}},
                 theirs);
}

std::string matrix(const std::string& theirs) {
  return name_of({{"BT.709", "bt709"},
                  {"BT.2020 non-constant", "bt2020nc"},
                  {"BT.601", "smpte170m"},
                  {"BT.470 System B/G", "bt470bg"}},
                 theirs);
}

// mediainfo names what of the color the container said; elsewhere it is the stream that spoke.
bool from_container(const Json& track, const std::string& format) {
  return format == "mxf" ||
         text(track, "colour_description_present_Source").starts_with("Container");
}

void compare_color(const Json& track, const ColorDescription& color, Comparison& comparison) {
  const auto check = [&](const char* key, const std::string& ours, const std::string& theirs) {
    if (ours != "unspecified" && !theirs.empty()) comparison.equal(key, ours, theirs);
  };
  check("primaries", to_string(color.primaries), primaries(text(track, "colour_primaries")));
  check("transfer", to_string(color.transfer), transfer(text(track, "transfer_characteristics")));
  check("matrix", to_string(color.matrix), matrix(text(track, "matrix_coefficients")));
  check("range", std::string(to_string(color.range)),
        name_of({{"Limited", "narrow"}, {"Full", "full"}}, text(track, "colour_range")));
}

void compare_picture(const Json& track, const probes::VideoClaims& video, const std::string& format,
                     Comparison& comparison) {
  const std::string rotation = text(track, "Rotation");
  if (video.rotation && (*video.rotation != 0 || !rotation.empty()))
    comparison.equal("rotation", std::to_string(*video.rotation),
                     rotation.empty() ? "0" : rotation.substr(0, rotation.find('.')));
  const std::string aspect = text(track, "PixelAspectRatio");
  if (video.pixel_aspect && !aspect.empty())
    comparison.equal("pixel aspect", to_fixed(*video.pixel_aspect, 2),
                     to_fixed(Rational::parse(aspect).value_or(Rational(0)), 2));
  const std::string scan = text(track, "ScanType");
  if (video.scan && !scan.empty())
    comparison.equal("scan",
                     *video.scan == probes::Scan::progressive ? "Progressive" : "Interlaced", scan);
  const std::string order = text(track, "ScanOrder");
  if (video.field_order && !order.empty())
    comparison.equal("field order", *video.field_order == probes::FieldOrder::top ? "TFF" : "BFF",
                     order);
  if (from_container(track, format)) compare_color(track, video.color, comparison);
}

void compare_track(const Json& track, const probes::TrackFindings& ours, const std::string& format,
                   Comparison& comparison) {
  if (format == "mov" || format == "mp4" || format == "matroska" || format == "webm" ||
      format == "mxf")
    if (text(track, "@type") != "Text" || format != "mxf")  // mediainfo reads the essence there
      comparison.equal("language", ours.language.value_or("none"),
                       text(track, "Language").empty() ? "none" : text(track, "Language"));
  if (text(track, "@type") == "Video") compare_picture(track, ours.video, format, comparison);
  const std::string layout = text(track, "ChannelLayout");
  if (format == "mxf" && !layout.empty() && !ours.audio.channel_labels.empty()) {
    std::string labels;
    for (const auto& label : ours.audio.channel_labels)
      labels += (labels.empty() ? "" : " ") + label;
    comparison.equal("channel labels", labels, layout);
  }
}

void compare_timecode(const Json& track, const probes::ContainerFindings& found,
                      Comparison& comparison) {
  const std::string first = text(track, "TimeCode_FirstFrame");
  const std::string settings = text(track, "TimeCode_Settings");
  if (first.empty()) return;
  const auto source = settings == "Material Package" ? probes::TimecodeSource::material_package
                      : settings == "Source Package" ? probes::TimecodeSource::file_package
                                                     : probes::TimecodeSource::tmcd;
  for (const auto& timecode : found.timecodes)
    if (timecode.source == source && source != probes::TimecodeSource::tmcd) {
      comparison.equal("timecode", timecode.start.value_or("none"), first);
      return;
    }
  for (const auto& timecode : found.timecodes)
    if (timecode.stream && std::to_string(*timecode.stream) == text(track, "ID"))
      comparison.equal("timecode", timecode.start.value_or("none"), first);
}

void compare(const Json& media, const probes::ContainerFindings& found, Comparison& comparison) {
  for (const Json& track : media.at("track")) {
    if (text(track, "@type") == "General") {
      if (found.operational_pattern)
        comparison.equal(
            "pattern", *found.operational_pattern,
            name_of({{"OP-1a", "OP1a"}, {"OP-Atom", "OPAtom"}}, text(track, "Format_Profile")));
      const std::string streamable = text(track, "IsStreamable");
      if (found.fast_start && !streamable.empty())
        comparison.equal("fast start", *found.fast_start ? "Yes" : "No", streamable);
      continue;
    }
    compare_timecode(track, found, comparison);
    for (const auto& ours : found.tracks)
      if (std::to_string(ours.native_id) == text(track, "ID"))
        compare_track(track, ours, found.format, comparison);
  }
}

std::vector<std::filesystem::path> real_files(const std::filesystem::path& media) {
  std::vector<std::filesystem::path> files;
  for (const char* folder : {"containers", "imf_dcp", "hdr"}) {
    if (!std::filesystem::is_directory(media / folder)) continue;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(media / folder)) {
      std::string extension = entry.path().extension().string();
      for (char& c : extension)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
      for (const char* wanted : {".mp4", ".mov", ".mxf", ".mkv", ".webm", ".mka", ".3gp", ".wav"})
        if (extension == wanted && entry.is_regular_file() && entry.file_size() > 0)
          files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<std::string> differences_of(const std::vector<std::filesystem::path>& files,
                                        const std::filesystem::path& media, int& compared) {
  std::string command = "mediainfo --Output=JSON";
  for (const auto& file : files) command += " " + quoted(file.string());
  const auto json = output_of(command);
  std::vector<std::string> differences;
  if (!json) return {"mediainfo failed"};
  Json documents = Json::parse(*json, nullptr, false);
  if (documents.is_object()) documents = Json::array({documents});
  for (const Json& document : documents) {
    const auto found_media = document.find("media");
    if (found_media == document.end() || !found_media->is_object()) continue;
    const std::filesystem::path path = text(*found_media, "@ref");
    const auto source = open_path(path.string());
    if (!source) continue;
    const auto found = probes::read_container(**source);
    if (!found) {
      differences.push_back(path.string() + ": " + found.error().message);
      continue;
    }
    Comparison comparison(std::filesystem::relative(path, media).filename().string());
    compare(*found_media, *found, comparison);
    compared += comparison.compared();
    for (const auto& difference : comparison.differences()) differences.push_back(difference);
  }
  return differences;
}

// docs/agreement.md, "Containers", explains them: files whose MP4 language field is 0, and in how
// many tracks.
const std::map<std::string, int> kLanguageFieldZero{
    {"h265_with_metadata_track.mp4", 2},
    {"hlg10-color-test.mp4", 2},
    {"karma.mp4", 3},
    {"max-heromode.mp4", 3},
    {"sample_12_5fps_720p_1s.mp4", 2},
    {"sample_15fps_720p_1s.mp4", 2},
    {"sample_2_byte_NAL_length.mp4", 1},
    {"sample_alac_20bit.mp4", 1},
    {"sample_empty_track.mp4", 2},
    {"sample_no_bframes.mp4", 1},
    {"sample_sef_slow_motion.mp4", 2},
    {"sample_sef_super_slow_motion.mp4", 1},
    {"sample_with_chapters.mp4", 1},
    {"sample_with_fake_auxiliary_tracks.mp4", 1},
    {"sample_with_fake_auxiliary_tracks_interleaved_with_primary_video_tracks.mp4", 1},
    {"sowt_pcm_variable_sample_size.mp4", 1},
};

// Cameras that state 29 labels a second at 30000/1001 and count 30.
const std::map<std::string, std::string> kBaseOf29{
    {"karma.mp4", "19:26:48:04, mediainfo says 20:07:02:06"},
    {"max-heromode.mp4", "15:44:35:10, mediainfo says 16:17:09:19"},
};

std::vector<std::string> known_differences(const std::vector<std::filesystem::path>& files) {
  std::vector<std::string> known;
  for (const auto& file : files) {
    const auto timecode = kBaseOf29.find(file.filename().string());
    if (timecode != kBaseOf29.end())
      known.push_back(timecode->first + ": timecode is " + timecode->second);
    const auto found = kLanguageFieldZero.find(file.filename().string());
    if (found == kLanguageFieldZero.end()) continue;
    for (int i = 0; i < found->second; ++i)
      known.push_back(found->first + ": language is none, mediainfo says en");
  }
  return known;
}

TEST(Agreement, WithMediainfo) {
  CLEANGATE_SHARED_MEDIA(media);
  CLEANGATE_NEEDS_TOOL("mediainfo");
  const auto files = real_files(media);
  if (files.empty()) GTEST_SKIP() << "no containers among the real media";
  int compared = 0;
  std::vector<std::string> differences;
  for (std::size_t at = 0; at < files.size(); at += 40) {
    const auto end = files.begin() + static_cast<std::ptrdiff_t>(std::min(at + 40, files.size()));
    const auto some =
        differences_of({files.begin() + static_cast<std::ptrdiff_t>(at), end}, media, compared);
    differences.insert(differences.end(), some.begin(), some.end());
  }
  RecordProperty("files", static_cast<int>(files.size()));
  RecordProperty("fields", compared);
  std::cout << files.size() << " files, " << compared << " fields compared\n";
  EXPECT_THAT(differences, ::testing::UnorderedElementsAreArray(known_differences(files)));
}

}  // namespace
}  // namespace cleangate::test
