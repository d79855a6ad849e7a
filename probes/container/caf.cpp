// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "probes/container/byte_cursor.h"
#include "probes/container/readers.h"

// Core Audio Format (Apple, "Core Audio Format Specification 1.0") and Sony Wave64: whether the
// chunks that they tell of are there. Everything else of them libav tells.
namespace cleangate::probes {
namespace {

constexpr int kMostChunks = 20'000;

void report_short(std::uint64_t end, std::uint64_t size, const char* chunk,
                  ContainerFindings& found) {
  found.damage.push_back(container_damage("The file ends " + bytes_text(end - size) +
                                          " before its " + chunk + " chunk does."));
}

}  // namespace

void read_caf(TableReader& reader, ContainerFindings& found) {
  found.format = "caf";
  std::uint64_t at = 8;
  for (int i = 0; i < kMostChunks && at < reader.size(); ++i) {
    const auto bytes = reader.read(at, 12);
    ByteCursor cursor(bytes);
    const std::uint32_t id = cursor.u32();
    const std::int64_t size = cursor.i64();
    if (!cursor.ok()) break;
    // -1: the data chunk lasts to the end of the file, wherever that is.
    if (size < 0 || static_cast<std::uint64_t>(size) > UINT64_MAX / 4) return;
    const std::uint64_t end = at + 12 + static_cast<std::uint64_t>(size);
    if (end > reader.size())
      return report_short(end, reader.size(), fourcc_text(id).c_str(), found);
    at = end;
  }
}

void read_wave64(TableReader& reader, ContainerFindings& found) {
  found.format = "wav";
  std::uint64_t at = 40;  // behind the GUIDs of riff and wave, and the size between them
  for (int i = 0; i < kMostChunks && at < reader.size(); ++i) {
    const auto bytes = reader.read(at, 24);
    ByteCursor cursor(bytes);
    const std::uint32_t id = cursor.u32();  // a GUID begins with the four characters of RIFF's name
    cursor.skip(12);
    const std::uint64_t size = cursor.le64();  // these 24 bytes included
    if (!cursor.ok() || size < 24 || size > UINT64_MAX / 4) return;
    const std::uint64_t end = at + size;
    if (end > reader.size())
      return report_short(end, reader.size(), fourcc_text(id).c_str(), found);
    at = (end + 7) / 8 * 8;
  }
}

}  // namespace cleangate::probes
