// SPDX-License-Identifier: Apache-2.0
#include "probes/container/container.h"

#include <algorithm>

#include "probes/container/byte_cursor.h"
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

// The reader of the format that the first bytes announce.
Reader recognize(std::span<const std::byte> head) {
  ByteCursor cursor(head);
  const std::uint32_t first = cursor.u32(), second = cursor.u32(), form = cursor.u32();
  const bool riff = first == fourcc("RIFF") || first == fourcc("RF64") || first == fourcc("BW64");
  if (riff && form == fourcc("WAVE")) return read_wave;
  if (riff && form == fourcc("AVI ")) return read_avi;
  if (first == fourcc("FORM") && (form == fourcc("AIFF") || form == fourcc("AIFC")))
    return read_aiff;
  if (first == 0x1A45DFA3) return read_matroska;
  if (is_mov(second)) return read_mov;
  return read_mxf;  // an MXF file may begin with anything
}

}  // namespace

Expected<ContainerFindings> read_container(ByteSource& source) {
  TableReader reader(source);
  ContainerFindings found;
  const auto head = reader.read(0, 16);
  if (const Reader read = recognize(head)) read(reader, found);
  if (reader.error()) return tl::unexpected<Error>(*reader.error());
  return found;
}

}  // namespace cleangate::probes
