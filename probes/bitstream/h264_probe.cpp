// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "probes/bitstream/basic_probe.h"
#include "probes/bitstream/codec_probes.h"
#include "probes/bitstream/format_track.h"
#include "probes/bitstream/frame_num_track.h"
#include "probes/bitstream/h264_headers.h"
#include "probes/bitstream/parameter_sets.h"
#include "probes/bitstream/scan_tally.h"
#include "probes/bitstream/sei.h"
#include "probes/bitstream/start_codes.h"

namespace cleangate::probes {
namespace {

using h264::PicTiming;
using h264::Slice;
using h264::Sps;

constexpr std::size_t kMostDamage = 100;
constexpr std::size_t kMostPictures = 16;  // of a packet; a frame has two at most

// One coded picture (frame or field) of a packet.
struct Picture {
  Slice first;
  int widest_type = 2;  // 2 I < 0 P < 1 B
};

bool outweighs(int type, int other) {
  const auto weight = [](int t) { return t == 1 ? 2 : t == 2 || t == 4 ? 0 : 1; };
  return weight(type) > weight(other);
}

char letter(int type) { return type == 1 ? 'B' : type == 2 || type == 4 ? 'I' : 'P'; }

class H264Probe final : public BasicProbe, private NalUnitSink {
 public:
  explicit H264Probe(const StreamDescription& description)
      : index_(description.index),
        layout_(nal_layout("h264", description.configuration)),
        user_data_(video_),
        labels_(description.index) {
    video_.codec = "h264";
    read_configuration(description.configuration);
  }

  PacketClass observe(const PacketView& packet) override {
    pictures_.clear();
    recovery_.reset();
    timing_ = {};
    pts_ = packet.pts ? packet.pts : packet.dts;
    side_captions_ = !packet.a53.empty();
    if (side_captions_) user_data_.side_data(packet.a53, packet.pts);
    in_force_.begin_packet();
    for_each_nal(packet.bytes, layout_.framing, layout_.length_size, *this);
    PacketClass result = classify(packet);
    result.changes_sets = in_force_.changed();
    result.restates_sets = in_force_.restated();
    return result;
  }

  void configure(std::span<const std::byte> record) override { read_configuration(record); }
  void finish() override { user_data_.captions.finish(); }
  [[nodiscard]] VideoClaims video() const override {
    VideoClaims claims = video_;
    user_data_.apply_preferred_transfer(claims);
    scan_.claim(claims);
    return claims;
  }
  [[nodiscard]] std::vector<TimecodeFacts> timecodes() const override { return labels_.facts(); }
  [[nodiscard]] std::vector<CaptionFacts> captions() const override {
    return user_data_.captions.facts();
  }
  [[nodiscard]] std::vector<Damage> damage() const override { return damage_; }
  [[nodiscard]] std::vector<PictureFormat> picture_formats() const override {
    return formats_.formats();
  }

 private:
  void nal(std::span<const std::byte> unit) override {
    switch (byte_at(unit, 0) & 31) {
      case 1:
      case 2:
      case 5:
        if (const auto slice = h264::parse_slice(unit, sets_)) take(*slice);
        break;
      case 6:
        take_sei(unit);
        break;
      case 7:
        if (const auto sps = h264::parse_sps(unescape(unit, 1))) {
          sets_.add(*sps);
          in_force_.see(7, sps->id, unit);
          if (!active_ || active_->id == sps->id || !described_) active_ = *sps;
          if (!described_) describe(*sps);
        }
        break;
      case 8:
        if (const auto pps = h264::parse_pps(unescape(unit, 1))) {
          sets_.add(*pps);
          in_force_.see(8, pps->id, unit);
        }
        break;
      case 14:
        take_nested(unit);
        break;
      default:
        break;
    }
  }

  // Some recorders put whole start-code streams behind a prefix NAL unit, inside one length prefix.
  void take_nested(std::span<const std::byte> unit) {
    if (layout_.framing != NalFraming::length_prefixed || nested_) return;
    const std::size_t start = find_start_code(unit, 0);
    nested_ = true;
    if (start < unit.size()) for_each_nal(unit.subspan(start), NalFraming::annex_b, 4, *this);
    nested_ = false;
  }

  // avcC: ISO/IEC 14496-15 5.3.3.1; otherwise parameter sets behind start codes.
  void read_configuration(std::span<const std::byte> record) {
    if (layout_.framing == NalFraming::annex_b) {
      for_each_nal(record, NalFraming::annex_b, 4, *this);
    } else {
      BitReader bits(record);
      bits.skip(40);
      read_sets(bits, bits.i(8) & 31);
      read_sets(bits, bits.i(8));
    }
    pictures_.clear();
  }

  void read_sets(BitReader& bits, int count) {
    for (int i = 0; i < count && bits.ok(); ++i) {
      const std::size_t size = bits.u(16);
      const auto rest = bits.rest();
      if (!bits.ok() || size == 0 || size > rest.size()) return;
      nal(rest.first(size));
      bits.skip(size * 8);
    }
  }

  void describe(const Sps& sps) {
    video_.profile = h264::profile_name(sps);
    video_.level = h264::level_name(sps);
    video_.width = sps.width;
    video_.height = sps.height;
    video_.chroma = chroma_name(sps.chroma_format_idc);
    video_.bit_depth = sps.bit_depth_luma;
    video_.color = sps.vui.color;
    video_.pixel_aspect = sps.vui.pixel_aspect;
    video_.chroma_siting = sps.chroma_format_idc == 1 ? sps.vui.chroma_siting : std::nullopt;
    video_.frame_rate = frame_rate_of(sps.vui, 2);
    video_.rgb = sps.chroma_format_idc == 3 && sps.vui.color.matrix == MatrixCoefficients::gbr;
    labels_.set_rate(video_.frame_rate);
  }

  void take(const Slice& slice) {
    if (const Sps* sps = sets_.sps_of(slice)) {
      if (!described_) describe(*sps);
      described_ = true;
      active_ = *sps;
    }
    if (pictures_.empty() || h264::begins_picture(pictures_.back().first, slice)) {
      if (pictures_.size() < kMostPictures) pictures_.push_back({slice, slice.type});
    } else if (outweighs(slice.type, pictures_.back().widest_type)) {
      pictures_.back().widest_type = slice.type;
    }
  }

  void take_sei(std::span<const std::byte> unit) {
    const auto rbsp = unescape(unit, 1);
    each_sei_message(rbsp, [&](unsigned type, std::span<const std::byte> payload) {
      if (type == sei::kPicTiming) {
        if (!active_ || timing_.pic_struct >= 0) return;
        timing_ = h264::parse_pic_timing(payload, *active_, last_label_);
        if (timing_.label) last_label_ = timing_.label;
      } else if (type == sei::kRecoveryPoint) {
        BitReader bits(payload);
        const std::uint32_t count = bits.ue();
        const bool exact = bits.flag();
        if (bits.ok()) recovery_ = Recovery{count, exact};
      } else if (type != sei::kRegisteredUserData || !side_captions_) {
        user_data_.sei(type, payload, pts_);
      }
    });
  }

  // A field completes the one before it when it has the other parity and the same frame_num; an IDR
  // picture's second field is not IDR (7.4.1.2.4).
  bool completes(const Slice& field) const {
    return waiting_ && field.field && field.bottom != waiting_->bottom &&
           field.frame_num == waiting_->frame_num && !field.idr() &&
           (waiting_->nal_ref_idc != 0 || field.nal_ref_idc == 0);
  }

  PacketClass classify(const PacketView& packet) {
    if (pictures_.empty()) return {RandomAccess::none, '?', true, false};
    PacketClass result;
    result.picture = letter(pictures_.front().widest_type);
    result.lacks_references = count_references();
    result.second_field = completes(pictures_.front().first);
    for (const Picture& picture : pictures_) {
      if (completes(picture.first)) {
        waiting_.reset();
      } else {
        waiting_.reset();
        if (picture.first.field) waiting_ = picture.first;
      }
    }
    if (active_) result.format = shared_format_.of(format_of(*active_));
    if (result.second_field) return result;
    result.access = access(pictures_.front());
    count_scan(pictures_.front().first);
    if (result.picture == 'B') labels_.set_reordered();
    if (packet.discard) return result;
    labels_.add(packet.pts, timing_.label);
    if (result.format) formats_.see(*result.format, frames_++);
    return result;
  }

  // Are reference pictures missing before some picture of this packet?
  bool count_references() {
    std::uint32_t missing = 0;
    for (const Picture& picture : pictures_) {
      const Sps* sps = sets_.sps_of(picture.first);
      if (!sps) {
        references_.lose();
        continue;
      }
      const bool point = &picture == &pictures_.front() && access(picture) != RandomAccess::none;
      const bool first = missing == 0;
      const auto here = references_.missing_before(picture.first, *sps, point);
      if (first) missing = here;
    }
    if (missing > 0 && damage_.size() < kMostDamage)
      damage_.push_back(
          {index_, std::nullopt,
           fmt::format(
               "Before picture {} of stream {} in coded order {} reference picture{} missing.",
               frames_, index_, missing, missing == 1 ? " is" : "s are")});
    return missing > 0;
  }

  // A set that is repeated within a coded video sequence says the same (7.4.1.2.1): what it leaves
  // out is not taken back before the next IDR picture.
  PictureFormat format_of(const Sps& sps) {
    if (sps.vui_present || pictures_.front().first.idr()) vui_ = sps.vui;
    return {0,
            sps.width,
            sps.height,
            chroma_name(sps.chroma_format_idc),
            sps.bit_depth_luma,
            h264::profile_name(sps),
            vui_.color,
            vui_.pixel_aspect};
  }

  [[nodiscard]] RandomAccess access(const Picture& picture) const {
    if (picture.first.idr()) return RandomAccess::closed;
    const bool intra = letter(picture.widest_type) == 'I';
    if (intra && active_ && h264::intra_profile(*active_)) return RandomAccess::closed;
    if (!recovery_) return RandomAccess::none;
    const bool exact = intra && recovery_->count == 0 && recovery_->exact;
    return exact ? RandomAccess::open : RandomAccess::gradual;
  }

  void count_scan(const Slice& slice) {
    if (!active_) return;
    const auto order = [](bool top) { return top ? FieldOrder::top : FieldOrder::bottom; };
    if (slice.field) return scan_.field_first(order(!slice.bottom));
    const int structure = timing_.pic_struct;
    const bool fields_told = structure >= 3 && structure <= 6;
    const bool top = structure == 3 || structure == 5;
    const bool told_progressive =
        timing_.scan_type == 0 || (structure == 0 && timing_.scan_type != 1);
    if (told_progressive) {
      ++scan_.progressive;
    } else if (active_->mbaff || timing_.scan_type == 1) {
      if (slice.delta_poc_bottom != 0) {
        scan_.field_first(order(slice.delta_poc_bottom > 0));
      } else if (fields_told) {
        scan_.field_first(order(top));
      } else {
        ++scan_.interlaced;
      }
    } else if (active_->frame_mbs_only) {
      ++scan_.progressive;
    }  // a frame picture of a stream that may hold fields says nothing by itself
  }

  struct Recovery {
    std::uint32_t count = 0;
    bool exact = false;
  };

  const int index_;
  NalLayout layout_;
  UserData user_data_;
  LabelTrack labels_;
  h264::ParameterSets sets_;
  ParameterSetTrack in_force_;
  std::optional<Sps> active_;
  ScanTally scan_;
  PictureFormatTrack formats_;
  SharedFormat shared_format_;
  Vui vui_;  // in force
  h264::FrameNumTrack references_;
  std::vector<Damage> damage_;
  std::int64_t frames_ = 0;
  std::vector<Picture> pictures_;  // of the current packet
  std::optional<Recovery> recovery_;
  PicTiming timing_;
  std::optional<Slice> waiting_;  // first field of a frame that is not complete
  std::optional<Label> last_label_;
  std::optional<std::int64_t> pts_;
  bool described_ = false, side_captions_ = false, nested_ = false;
};

}  // namespace

std::unique_ptr<StreamProbe> make_h264_probe(const StreamDescription& description) {
  return std::make_unique<H264Probe>(description);
}

}  // namespace cleangate::probes
