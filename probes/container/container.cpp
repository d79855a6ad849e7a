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
  cursor.u32();
  const std::uint32_t second = cursor.u32();
  if (is_mov(second)) return read_mov;
  return nullptr;
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
