// SPDX-License-Identifier: Apache-2.0
#include "probes/bitstream/basic_probe.h"
#include "probes/bitstream/codec_probes.h"
#include "probes/bitstream/format_track.h"
#include "probes/bitstream/gop_labels.h"
#include "probes/bitstream/mpeg2_headers.h"
#include "probes/bitstream/parameter_sets.h"
#include "probes/bitstream/scan_tally.h"
#include "probes/bitstream/sei.h"
#include "probes/bitstream/start_codes.h"
#include "probes/bitstream/vui.h"

namespace cleangate::probes {
namespace {

using mpeg2::Picture;

constexpr std::size_t kMostPictures = 16;  // of a packet; a frame has two at most

constexpr SignalRange kRange = SignalRange::narrow;  // 6.3.6: the only one there is

class Mpeg2Probe final : public BasicProbe {
 public:
  explicit Mpeg2Probe(const StreamDescription& description)
      : user_data_(video_), labels_(description.index) {
    video_.codec = description.codec;
    parse(description.configuration);
    pictures_.clear();
  }

  PacketClass observe(const PacketView& packet) override {
    pictures_.clear();
    sequence_here_ = false;
    group_.reset();
    pts_ = packet.pts ? packet.pts : packet.dts;
    side_captions_ = !packet.a53.empty();
    if (side_captions_) user_data_.side_data(packet.a53, packet.pts);
    in_force_.begin_packet();
    const auto before = reading_;
    parse(packet.bytes);
    PacketClass result = classify(packet);
    result.changes_sets = in_force_.changed();
    result.restates_sets = in_force_.restated();
    result.new_sequence = before && !same_raster(*before, *reading_);
    return result;
  }

  void finish() override { user_data_.captions.finish(); }
  [[nodiscard]] VideoClaims video() const override {
    VideoClaims claims = video_;
    scan_.claim(claims);
    return claims;
  }
  [[nodiscard]] std::vector<TimecodeFacts> timecodes() const override {
    return labels_.facts(sequence_ ? mpeg2::frame_rate(*sequence_) : std::nullopt);
  }
  [[nodiscard]] std::vector<CaptionFacts> captions() const override {
    return user_data_.captions.facts();
  }
  [[nodiscard]] std::vector<PictureFormat> picture_formats() const override {
    return formats_.formats();
  }

 private:
  void parse(std::span<const std::byte> bytes) {
    each_start_code(bytes, [&](unsigned code, std::span<const std::byte> body) {
      switch (code) {
        case 0x00:
          if (const auto picture = mpeg2::read_picture(body);
              picture && pictures_.size() < kMostPictures)
            pictures_.push_back(*picture);
          break;
        case 0xb2:
          if (!side_captions_) user_data_.mpeg2(body, pts_);
          break;
        case 0xb3:
          take_sequence(body);
          break;
        case 0xb5:
          take_extension(body);
          break;
        case 0xb8:
          group_ = mpeg2::read_group(body);
          break;
        default:
          break;
      }
    });
    if (reading_ && !sequence_) describe(*reading_);
  }

  void take_sequence(std::span<const std::byte> body) {
    mpeg2::Sequence read;
    if (!mpeg2::read_sequence(body, read)) return;
    in_force_.see(0xb3, 0, body);
    reading_ = read;
    sequence_here_ = true;
  }

  void take_extension(std::span<const std::byte> body) {
    switch (byte_at(body, 0) >> 4) {
      case 1:
        if (reading_) mpeg2::read_sequence_extension(body, *reading_);
        in_force_.see(0xb5, 1, body);
        break;
      case 2:
        if (reading_) mpeg2::read_display_extension(body, *reading_);
        break;
      case 8:
        if (!pictures_.empty()) mpeg2::read_picture_extension(body, pictures_.back());
        break;
      default:
        break;
    }
  }

  static bool same_raster(const mpeg2::Sequence& a, const mpeg2::Sequence& b) {
    return a.width == b.width && a.height == b.height && a.aspect == b.aspect &&
           a.progressive == b.progressive && a.chroma_format == b.chroma_format;
  }

  // Null without a sequence header. One that has lost its extension would be MPEG-1's.
  [[nodiscard]] std::shared_ptr<const PictureFormat> format() {
    if (reading_ && reading_->standard == sequence_->standard) {
      ColorDescription color = reading_->color;
      color.range = kRange;
      format_ = shared_format_.of(
          {0, reading_->width, reading_->height, chroma_name(reading_->chroma_format), 8,
           mpeg2::profile_name(*reading_), color, mpeg2::pixel_aspect(*reading_)});
    }
    return format_;
  }

  // The first sequence speaks for the stream.
  void describe(const mpeg2::Sequence& sequence) {
    sequence_ = sequence;
    const bool mpeg1 = sequence.standard == mpeg2::Standard::mpeg1;
    video_.codec = mpeg1 ? "mpeg1video" : "mpeg2video";
    video_.profile = mpeg2::profile_name(sequence);
    video_.level = mpeg2::level_name(sequence);
    video_.width = sequence.width;
    video_.height = sequence.height;
    video_.chroma = chroma_name(sequence.chroma_format);
    video_.bit_depth = 8;
    video_.color = sequence.color;
    video_.color.range = kRange;
    video_.pixel_aspect = mpeg2::pixel_aspect(sequence);
    video_.frame_rate = mpeg2::frame_rate(sequence);
    // Where 4:2:0 chroma lies: 11172-2 in the middle, 13818-2 (6.1.1.8) on the left.
    if (sequence.chroma_format == 1) video_.chroma_siting = mpeg1 ? "center" : "left";
  }

  bool completes(const Picture& field) const {
    return waiting_ && field.structure != 3 && field.structure + waiting_->structure == 3 &&
           field.temporal_reference == waiting_->temporal_reference;
  }

  PacketClass classify(const PacketView& packet) {
    if (pictures_.empty()) {
      if (group_) waiting_group_ = group_;
      return {RandomAccess::none, '?', true, false};
    }
    if (waiting_group_ && !group_) group_ = waiting_group_;
    waiting_group_.reset();
    const Picture& first = pictures_.front();
    PacketClass result;
    result.picture = "?IPBD"[first.type];
    result.second_field = completes(first);
    for (const Picture& picture : pictures_) {
      const bool second = completes(picture);
      waiting_.reset();
      if (!second && picture.structure != 3) waiting_ = picture;
    }
    result.format = format();
    if (result.second_field) return result;
    if (group_) {
      closed_ = group_->closed;
      labels_.gop(group_->label);
    }
    result.hidden = unreferenced(first);
    if (first.type == 1 && (group_ || sequence_here_))
      result.access = group_ && closed_ ? RandomAccess::closed : RandomAccess::open;
    labels_.frame(fields_shown(first), result.hidden || packet.discard);
    if (result.format && !result.hidden && !packet.discard) formats_.see(*result.format, frames_++);
    count_scan(first);
    return result;
  }

  // Leading pictures whose references are before the stream's beginning are never shown: B pictures
  // of an open GOP before the second reference. Pictures before the first I picture are: the stream
  // was cut there, and they are lost.
  bool unreferenced(const Picture& picture) {
    const bool leading = picture.type == 3 && references_ == 1 && !closed_ && began_;
    if (picture.type == 1 && references_ == 0) began_ = true;
    if (picture.type == 1 || picture.type == 2) ++references_;
    return leading;
  }

  [[nodiscard]] int fields_shown(const Picture& picture) const {
    if (!picture.repeat_first) return 2;
    if (sequence_ && sequence_->progressive) return picture.top_first ? 6 : 4;
    return picture.progressive_frame ? 3 : 2;
  }

  void count_scan(const Picture& picture) {
    if (!sequence_) return;
    const auto order = [](bool top) { return top ? FieldOrder::top : FieldOrder::bottom; };
    const bool whole = sequence_->standard == mpeg2::Standard::mpeg1 || sequence_->progressive;
    if (whole || (picture.extended && picture.structure == 3 && picture.progressive_frame))
      ++scan_.progressive;
    else if (picture.structure != 3)
      scan_.field_first(order(picture.structure == 1));
    else if (picture.extended)
      scan_.field_first(order(picture.top_first));
  }

  UserData user_data_;
  GopLabels labels_;
  std::optional<mpeg2::Sequence> reading_, sequence_;
  ParameterSetTrack in_force_;
  std::optional<mpeg2::GroupOfPictures> group_, waiting_group_;
  ScanTally scan_;
  PictureFormatTrack formats_;
  SharedFormat shared_format_;
  std::shared_ptr<const PictureFormat> format_;
  std::int64_t frames_ = 0;
  std::vector<Picture> pictures_;
  std::optional<Picture> waiting_;
  std::optional<std::int64_t> pts_;
  std::int64_t references_ = 0;
  bool sequence_here_ = false, closed_ = false, side_captions_ = false;
  bool began_ = false;  // with an I picture
};

}  // namespace

std::unique_ptr<StreamProbe> make_mpeg2_probe(const StreamDescription& description) {
  return std::make_unique<Mpeg2Probe>(description);
}

}  // namespace cleangate::probes
