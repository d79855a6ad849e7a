// SPDX-License-Identifier: Apache-2.0
#include "probes/container/container.h"

#include <algorithm>

#include "probes/bitstream/mpeg_audio.h"
#include "probes/container/byte_cursor.h"
#include "probes/container/mxf_klv.h"
#include "probes/container/readers.h"
#include "probes/container/table_reader.h"

namespace cleangate::probes {
namespace {

using Reader = void (*)(TableReader&, ContainerFindings&);

bool is_mov(std::uint32_t second) {
  static constexpr std::uint32_t kFirstBoxes[] = {
      fourcc("ftyp"), fourcc("moov"), fourcc("mdat"), fourcc("free"), fourcc("skip"),
      fourcc("wide"), fourcc("pnot"), fourcc("moof"), fourcc("styp"), fourcc("sidx")};
  return std::find(std::begin(kFirstBoxes), std::end(kFirstBoxes), second) != std::end(kFirstBoxes);
}

// An ID3 tag stands before MP3, and before FLAC by people who should not (ID3v2, 3.1: seven bits of
// size in each of four bytes).
bool is_flac_behind_id3(TableReader& reader) {
  ByteCursor cursor(reader.head());
  cursor.skip(6);
  std::uint64_t size = 0;
  for (int i = 0; i < 4; ++i) size = size << 7 | (cursor.u8() & 127u);
  const auto after = reader.read(10 + size, 4);
  return ByteCursor(after).u32() == fourcc("fLaC");
}

// A run-in of an MXF file may look like anything but MXF (ST 377-1, 6.5), hence like the beginning
// of a WAV, which then is not as long as it says.
bool is_run_in(TableReader& reader, std::uint64_t riff_size) {
  const std::uint64_t whole = 8 + riff_size + (riff_size & 1);
  return whole != reader.size() && 8 + riff_size != reader.size() && find_header_partition(reader);
}

// What nothing announces: MXF behind its run-in, or MPEG audio behind something else.
void read_unannounced(TableReader& reader, ContainerFindings& found) {
  read_mxf(reader, found);
  if (found.format.empty()) read_mp3_behind_junk(reader, found);
}

// The reader of the format that the first bytes announce.
Reader recognize(TableReader& reader) {
  const auto head = reader.head();
  ByteCursor cursor(head);
  const std::uint32_t first = cursor.u32(), second = cursor.u32(), form = cursor.u32();
  const bool riff = first == fourcc("RIFF") || first == fourcc("RF64") || first == fourcc("BW64");
  if (riff && is_run_in(reader, std::uint64_t{__builtin_bswap32(second)})) return read_mxf;
  if (riff && form == fourcc("WAVE")) return read_wave;
  if (riff && form == fourcc("AVI ")) return read_avi;
  if (first == fourcc("FORM") && (form == fourcc("AIFF") || form == fourcc("AIFC")))
    return read_aiff;
  if (first == 0x1A45DFA3) return read_matroska;
  if (first == fourcc("OggS")) return read_ogg;
  if (first == fourcc("fLaC")) return read_flac;
  if (first == fourcc("caff")) return read_caf;
  if (first == fourcc("riff") && second == 0x2e91cf11) return read_wave64;
  if (first == 0x000001ba) return read_program_stream;
  if (is_transport_stream(head)) return read_transport_stream;
  if (first >> 8 == 0x494433) return is_flac_behind_id3(reader) ? read_flac : read_mp3;
  if (const auto frame = mpeg_audio_header(head); frame && frame->layer == 3) return read_mp3;
  if (is_mov(second)) return read_mov;
  return read_unannounced;
}

}  // namespace

Expected<ContainerFindings> read_container(ByteSource& source) {
  TableReader reader(source);
  ContainerFindings found;
  recognize(reader)(reader, found);
  if (reader.error()) return tl::unexpected<Error>(*reader.error());
  return found;
}

}  // namespace cleangate::probes
