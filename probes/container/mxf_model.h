// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "probes/container/container.h"
#include "probes/container/mxf_sets.h"

// What the header metadata of an MXF file says, by subject. Internal to the reader of MXF.
namespace cleangate::probes {

// ITU-T H.273 code points of the labels of SMPTE ST 2067-21, annex A and the SMPTE registers;
// `unspecified` for labels without one.
[[nodiscard]] ColorPrimaries primaries_of(const Ul& label);
[[nodiscard]] TransferCharacteristics transfer_of(const Ul& label);
[[nodiscard]] MatrixCoefficients matrix_of(const Ul& label);

struct CodedAs {
  std::string codec;  // libav's name
  std::optional<std::string> profile;
};
// From a picture essence coding label; nothing for one that is not known here.
[[nodiscard]] std::optional<CodedAs> coded_as(const Ul& picture_essence_coding);

enum class DataDefinition : std::uint8_t { unknown, picture, sound, data, timecode };
[[nodiscard]] DataDefinition data_definition(const Ul& label);

// Picture descriptors (generic, CDCI, RGBA, MPEG). `minor_version` of the partition tells how the
// AFD is written (ST 377-1:2004 or later).
[[nodiscard]] VideoClaims read_picture_descriptor(const MxfSet& descriptor, int minor_version);

// Sound descriptors.
[[nodiscard]] AudioClaims read_sound_descriptor(const MxfSet& descriptor);

// MCA labels (ST 377-4) of a sound descriptor: one entry a labelled channel, with the group it
// links to, wherever in the file that group's label stands.
[[nodiscard]] std::vector<McaGroup> read_mca(const HeaderMetadata& header,
                                             const MxfSet& descriptor);

// Timecode tracks of a package: one entry a track; its segments must follow each other, else they
// are discontinuities.
[[nodiscard]] std::vector<TimecodeFacts> read_timecodes(const HeaderMetadata& header,
                                                        const MxfSet& package,
                                                        TimecodeSource source);

// Local tags of ST 377-1.
namespace tag {
inline constexpr std::uint16_t component_definition = 0x0201, duration = 0x0202;
inline constexpr std::uint16_t components = 0x1001;
inline constexpr std::uint16_t source_package = 0x1101, source_track = 0x1102;
inline constexpr std::uint16_t timecode_start = 0x1501, timecode_base = 0x1502,
                               timecode_drop = 0x1503;
inline constexpr std::uint16_t sample_rate = 0x3001, essence_container = 0x3004,
                               linked_track = 0x3006;
inline constexpr std::uint16_t sub_descriptors = 0x3f01;
inline constexpr std::uint16_t package_uid = 0x4401, package_tracks = 0x4403,
                               package_descriptor = 0x4701;
inline constexpr std::uint16_t track_id = 0x4801, track_sequence = 0x4803, edit_rate = 0x4b01,
                               origin = 0x4b02;
}  // namespace tag

}  // namespace cleangate::probes
