// SPDX-License-Identifier: Apache-2.0
#include "probes/container/mxf_model.h"

namespace cleangate::probes {
namespace {

// Labels of color: 06.0e.2b.34.04.01.01.vv.04.01.01.01.CC.NN.00.00, CC the subject, NN the choice.
int color_choice(const Ul& label, std::uint8_t subject) {
  constexpr Ul kColor{0x06, 0x0e, 0x2b, 0x34, 0x04, 0x01, 0x01, 0x01,
                      0x04, 0x01, 0x01, 0x01, 0x00, 0x00, 0x00, 0x00};
  return same_start(label, kColor, 12) && label[12] == subject ? label[13] : 0;
}

std::optional<std::string> prores_profile(std::uint8_t number) {
  static constexpr const char* kNames[] = {"422 Proxy", "422 LT", "422",
                                           "422 HQ",    "4444",   "4444 XQ"};
  if (number < 1 || number > 6) return std::nullopt;
  return kNames[number - 1];
}

}  // namespace

TransferCharacteristics transfer_of(const Ul& label) {
  using T = TransferCharacteristics;
  static constexpr T kTransfers[] = {T::unspecified,  T::gamma28,   T::bt709,     T::smpte240m,
                                     T::bt709,        T::bt1361e,   T::linear,    T::smpte428,
                                     T::iec61966_2_4, T::bt2020_10, T::smpte2084, T::arib_std_b67};
  const int choice = color_choice(label, 1);
  return choice < static_cast<int>(std::size(kTransfers)) ? kTransfers[choice] : T::unspecified;
}

MatrixCoefficients matrix_of(const Ul& label) {
  using M = MatrixCoefficients;
  static constexpr M kMatrices[] = {M::unspecified, M::smpte170m, M::bt709,   M::smpte240m,
                                    M::ycgco,       M::gbr,       M::bt2020nc};
  const int choice = color_choice(label, 2);
  return choice < static_cast<int>(std::size(kMatrices)) ? kMatrices[choice] : M::unspecified;
}

ColorPrimaries primaries_of(const Ul& label) {
  using P = ColorPrimaries;
  static constexpr P kPrimaries[] = {P::unspecified, P::smpte170m, P::bt470bg, P::bt709,
                                     P::bt2020,      P::smpte428,  P::smpte432};
  const int choice = color_choice(label, 3);
  return choice < static_cast<int>(std::size(kPrimaries)) ? kPrimaries[choice] : P::unspecified;
}

std::optional<CodedAs> coded_as(const Ul& label) {
  // 06.0e.2b.34.04.01.01.vv.04.01.02.02.…: compressed picture coding.
  constexpr Ul kCompressed{0x06, 0x0e, 0x2b, 0x34, 0x04, 0x01, 0x01, 0x00,
                           0x04, 0x01, 0x02, 0x02, 0x00, 0x00, 0x00, 0x00};
  if (!same_start(label, kCompressed, 12)) return std::nullopt;
  const std::uint8_t family = label[12], codec = label[13], variant = label[14];
  switch (family) {
    case 0x01:  // MPEG
      if (codec >= 0x01 && codec <= 0x0f) return CodedAs{"mpeg2video", {}};
      if (codec == 0x10) return CodedAs{"mpeg1video", {}};
      if (codec == 0x20) return CodedAs{"mpeg4", {}};
      if (codec >= 0x30 && codec <= 0x3f) return CodedAs{"h264", {}};
      return std::nullopt;
    case 0x02:
      return CodedAs{"dvvideo", {}};
    case 0x03:
      if (codec == 0x01) return CodedAs{"jpeg2000", {}};
      if (codec == 0x06) return CodedAs{"prores", prores_profile(variant)};
      return std::nullopt;
    case 0x04:
      return codec == 0x00 ? std::optional<CodedAs>(CodedAs{"vc1", {}}) : std::nullopt;
    case 0x71:
      return CodedAs{"dnxhd", {}};
    default:
      return std::nullopt;
  }
}

DataDefinition data_definition(const Ul& label) {
  // 06.0e.2b.34.04.01.01.vv.01.03.02.GG.KK: SMPTE labels; and the AAF ones that Avid writes.
  constexpr Ul kTracks{0x06, 0x0e, 0x2b, 0x34, 0x04, 0x01, 0x01, 0x01,
                       0x01, 0x03, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00};
  constexpr Ul kAafPicture{0x80, 0x7d, 0x00, 0x60, 0x08, 0x14, 0x3e, 0x6f,
                           0x6f, 0x3c, 0x8c, 0xe1, 0x6c, 0xef, 0x11, 0xd2};
  constexpr Ul kAafSound{0x80, 0x7d, 0x00, 0x60, 0x08, 0x14, 0x3e, 0x6f,
                         0x78, 0xe1, 0xeb, 0xe1, 0x6c, 0xef, 0x11, 0xd2};
  constexpr Ul kAafTimecode{0x80, 0x7d, 0x00, 0x60, 0x08, 0x14, 0x3e, 0x6f,
                            0x7f, 0x27, 0x5e, 0x81, 0x77, 0xe5, 0x11, 0xd2};
  if (label == kAafPicture) return DataDefinition::picture;
  if (label == kAafSound) return DataDefinition::sound;
  if (label == kAafTimecode) return DataDefinition::timecode;
  if (!same_start(label, kTracks, 11)) return DataDefinition::unknown;
  if (label[11] == 0x01 && label[12] >= 1 && label[12] <= 3) return DataDefinition::timecode;
  if (label[11] != 0x02) return DataDefinition::unknown;
  switch (label[12]) {
    case 1:
      return DataDefinition::picture;
    case 2:
      return DataDefinition::sound;
    case 3:
      return DataDefinition::data;
    default:
      return DataDefinition::unknown;
  }
}

}  // namespace cleangate::probes
