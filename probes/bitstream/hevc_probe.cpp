// SPDX-License-Identifier: Apache-2.0
#include "probes/bitstream/basic_probe.h"
#include "probes/bitstream/codec_probes.h"
#include "probes/bitstream/format_track.h"
#include "probes/bitstream/hevc_headers.h"
#include "probes/bitstream/parameter_sets.h"
#include "probes/bitstream/scan_tally.h"
#include "probes/bitstream/sei.h"

namespace cleangate::probes {
namespace {

using hevc::Slice;
using hevc::Sps;

// NAL unit types, table 7-1.
constexpr int kRaslN = 8, kRaslR = 9, kBlaWLp = 16, kBlaNLp = 18, kIdrWRadl = 19, kIdrNLp = 20,
              kCra = 21, kEndOfSequence = 36, kEndOfBitstream = 37;

class HevcProbe final : public BasicProbe, private NalUnitSink {
 public:
  explicit HevcProbe(const StreamDescription& description)
      : layout_(nal_layout("hevc", description.configuration)),
        user_data_(video_),
        labels_(description.index) {
    video_.codec = "hevc";
    read_configuration(description.configuration);
  }

  PacketClass observe(const PacketView& packet) override {
    first_.reset();
    timing_ = {};
    label_.reset();
    refresh_ = false;
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
  [[nodiscard]] std::vector<PictureFormat> picture_formats() const override {
    return formats_.formats();
  }

 private:
  void nal(std::span<const std::byte> unit) override {
    const int type = static_cast<int>(byte_at(unit, 0) >> 1 & 63);
    const unsigned layer = (byte_at(unit, 0) & 1) << 5 | byte_at(unit, 1) >> 3;
    if (layer != 0) return;  // enhancement layers are not the picture
    if (type < 32) return take_slice(unit);
    switch (type) {
      case 32:
        in_force_.see(type, static_cast<int>(byte_at(unit, 2) >> 4), unit);
        if (const auto vps = hevc::parse_vps(unescape(unit, 2))) vps_ = *vps;
        break;
      case 33:
        if (const auto sps = hevc::parse_sps(unescape(unit, 2))) {
          in_force_.see(type, sps->id, unit);
          take_sps(*sps);
        }
        break;
      case 34:
        if (const auto pps = hevc::parse_pps(unescape(unit, 2))) {
          in_force_.see(type, pps->id, unit);
          pps_[static_cast<std::size_t>(pps->id)] = *pps;
        }
        break;
      case kEndOfSequence:
      case kEndOfBitstream:
        at_start_ = true;
        break;
      case 39:
      case 40:
        take_sei(unit);
        break;
      default:
        break;
    }
  }

  // hvcC: ISO/IEC 14496-15 8.3.3.1; otherwise parameter sets behind start codes.
  void read_configuration(std::span<const std::byte> record) {
    if (layout_.framing == NalFraming::annex_b) {
      for_each_nal(record, NalFraming::annex_b, 4, *this);
    } else {
      BitReader bits(record);
      bits.skip(22 * 8);
      const int arrays = bits.i(8);
      for (int i = 0; i < arrays && bits.ok(); ++i) {
        bits.skip(8);
        const int count = bits.i(16);
        for (int k = 0; k < count && bits.ok(); ++k) {
          const std::size_t size = bits.u(16);
          const auto rest = bits.rest();
          if (!bits.ok() || size == 0 || size > rest.size()) return;
          nal(rest.first(size));
          bits.skip(size * 8);
        }
      }
    }
    first_.reset();
    at_start_ = true;
  }

  void take_sps(const Sps& sps) {
    sps_[static_cast<std::size_t>(sps.id)] = sps;
    if (!active_ || active_->id == sps.id || !described_) active_ = sps;
    if (!described_) describe(sps);
  }

  void describe(const Sps& sps) {
    video_.profile = hevc::profile_name(sps.profile);
    video_.level = hevc::level_name(sps.profile);
    video_.width = sps.width;
    video_.height = sps.field_seq ? sps.height * 2 : sps.height;
    video_.chroma = chroma_name(sps.chroma_format_idc);
    video_.bit_depth = sps.bit_depth_luma;
    video_.color = sps.vui.color;
    video_.pixel_aspect = sps.vui.pixel_aspect;
    video_.chroma_siting = sps.chroma_format_idc == 1 ? sps.vui.chroma_siting : std::nullopt;
    video_.rgb = sps.chroma_format_idc == 3 && sps.vui.color.matrix == MatrixCoefficients::gbr;
    Vui timing = sps.vui;
    if (!timing.units_in_tick && vps_) {
      timing.units_in_tick = vps_->units_in_tick;
      timing.time_scale = vps_->time_scale;
    }
    video_.frame_rate = frame_rate_of(timing, sps.field_seq ? 2 : 1);
    labels_.set_rate(video_.frame_rate);
  }

  void take_slice(std::span<const std::byte> unit) {
    if (first_) return;
    const auto slice = hevc::parse_slice(unit, pps_);
    if (!slice || !slice->first_in_picture) return;
    first_ = slice;
    const auto& pps = pps_[static_cast<std::size_t>(slice->pps_id)];
    if (!pps || !sps_[static_cast<std::size_t>(pps->sps_id)]) return;
    active_ = sps_[static_cast<std::size_t>(pps->sps_id)];
    if (!described_) describe(*active_);
    described_ = true;
  }

  void take_sei(std::span<const std::byte> unit) {
    const auto rbsp = unescape(unit, 2);
    each_sei_message(rbsp, [&](unsigned type, std::span<const std::byte> payload) {
      if (type == sei::kPicTiming) {
        if (active_ && timing_.pic_struct < 0) timing_ = hevc::parse_pic_timing(payload, *active_);
      } else if (type == sei::kTimeCode) {
        if (const auto label = hevc::parse_time_code(payload, last_label_); label && !label_)
          label_ = last_label_ = label;
      } else if (type == sei::kRecoveryPoint) {
        refresh_ = true;
      } else if (type != sei::kRegisteredUserData || !side_captions_) {
        user_data_.sei(type, payload, pts_);
      }
    });
  }

  PacketClass classify(const PacketView& packet) {
    if (!first_) return {RandomAccess::none, '?', true, false};
    PacketClass result;
    const int nal_type = first_->nal_type;
    const bool access_point = nal_type >= kBlaWLp && nal_type <= 23;
    result.picture = first_->type == 2 || access_point ? 'I'
                     : first_->type == 1               ? 'P'
                     : first_->type == 0               ? 'B'
                                                       : '?';
    // Leading pictures that refer beyond a beginning are not output (8.1.3).
    if (access_point) drops_leading_ = at_start_ || nal_type <= kBlaNLp;
    const bool leading = nal_type == kRaslN || nal_type == kRaslR;
    result.hidden = !first_->output || (leading && (drops_leading_ || at_start_));
    if (access_point) at_start_ = false;
    if (active_) result.format = shared_format_.of(format_of(*active_, access_point));
    result.second_field = completes();
    result.access = access(nal_type, access_point);
    if (result.second_field) {
      result.access = RandomAccess::none;
      return result;
    }
    count_scan();
    if (result.picture == 'B') labels_.set_reordered();
    if (result.hidden || packet.discard) return result;
    labels_.add(packet.pts, label_);
    if (result.format) formats_.see(*result.format, frames_++);
    return result;
  }

  // A set that is repeated within a coded video sequence says the same (7.4.2.4.2): what it leaves
  // out is not taken back before the next random-access point.
  PictureFormat format_of(const Sps& sps, bool access_point) {
    if (sps.vui_present || access_point) vui_ = sps.vui;
    return {0,
            sps.width,
            sps.field_seq ? sps.height * 2 : sps.height,
            chroma_name(sps.chroma_format_idc),
            sps.bit_depth_luma,
            hevc::profile_name(sps.profile),
            vui_.color,
            vui_.pixel_aspect};
  }

  [[nodiscard]] RandomAccess access(int nal_type, bool access_point) const {
    if (nal_type == kCra) return active_intra() ? RandomAccess::closed : RandomAccess::open;
    if (nal_type == kBlaWLp) return RandomAccess::open;
    if (access_point) return RandomAccess::closed;
    if (active_intra()) return RandomAccess::closed;
    return refresh_ ? RandomAccess::gradual : RandomAccess::none;
  }

  [[nodiscard]] bool active_intra() const {
    return active_ && active_->profile.profile_idc >= 4 && active_->profile.intra;
  }

  // Fields are pictures of their own, and reordering parts the two of a frame: those of the parity
  // that came first begin frames, unless pic_struct names the partner (table D.2).
  bool completes() {
    const int structure = timing_.pic_struct;
    const bool top = structure == 1 || structure == 9 || structure == 11;
    const bool bottom = structure == 2 || structure == 10 || structure == 12;
    field_ = top || bottom;
    if (!field_) return false;
    if (!first_parity_top_) first_parity_top_ = top;
    if (structure >= 9) return structure <= 10;
    return top != *first_parity_top_;
  }

  void count_scan() {
    if (!active_) return;
    const int structure = timing_.pic_struct;
    if (field_) return scan_.field_first(*first_parity_top_ ? FieldOrder::top : FieldOrder::bottom);
    const auto& profile = active_->profile;
    const bool told_interlaced =
        timing_.source_scan == 0 ||
        (timing_.source_scan < 0 && profile.interlaced_source && !profile.progressive_source);
    const bool told_progressive =
        timing_.source_scan == 1 || structure == 0 || structure == 7 || structure == 8 ||
        (timing_.source_scan < 0 && profile.progressive_source && !profile.interlaced_source);
    if (told_interlaced) {
      if (structure == 3 || structure == 5)
        scan_.field_first(FieldOrder::top);
      else if (structure == 4 || structure == 6)
        scan_.field_first(FieldOrder::bottom);
      else
        ++scan_.interlaced;
    } else if (told_progressive) {
      ++scan_.progressive;
    }
  }

  NalLayout layout_;
  UserData user_data_;
  LabelTrack labels_;
  std::optional<hevc::Vps> vps_;
  std::array<std::optional<Sps>, 16> sps_;
  hevc::PpsTable pps_;
  ParameterSetTrack in_force_;
  std::optional<Sps> active_;
  ScanTally scan_;
  PictureFormatTrack formats_;
  SharedFormat shared_format_;
  Vui vui_;  // in force
  std::int64_t frames_ = 0;
  std::optional<Slice> first_;  // of the current packet
  hevc::PicTiming timing_;
  std::optional<Label> label_, last_label_;
  std::optional<std::int64_t> pts_;
  std::optional<bool> first_parity_top_;  // of a stream of fields
  bool field_ = false;
  bool at_start_ = true, drops_leading_ = true, refresh_ = false;
  bool described_ = false, side_captions_ = false;
};

}  // namespace

std::unique_ptr<StreamProbe> make_hevc_probe(const StreamDescription& description) {
  return std::make_unique<HevcProbe>(description);
}

}  // namespace cleangate::probes
