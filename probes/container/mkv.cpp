// SPDX-License-Identifier: Apache-2.0
#include "probes/container/mkv.h"

#include <algorithm>

#include "core/crc.h"
#include "probes/container/ebml.h"
#include "probes/container/readers.h"

namespace cleangate::probes {
namespace {

namespace id {
constexpr std::uint32_t ebml = 0x1A45DFA3, doc_type = 0x4282, segment = 0x18538067,
                        seek_head = 0x114D9B74, info = 0x1549A966, tracks = 0x1654AE6B,
                        cues = 0x1C53BB6B, tags = 0x1254C367, chapters = 0x1043A770,
                        attachments = 0x1941A469, cluster = 0x1F43B675, crc_32 = 0xBF, empty = 0xEC;
}

constexpr int kMaxElements = 100'000;

std::string element_name(std::uint32_t element) {
  switch (element) {
    case id::seek_head:
      return "SeekHead";
    case id::info:
      return "Info";
    case id::tracks:
      return "Tracks";
    case id::cues:
      return "Cues";
    case id::tags:
      return "Tags";
    case id::chapters:
      return "Chapters";
    case id::attachments:
      return "Attachments";
    case id::cluster:
      return "Cluster";
    default:
      return "";
  }
}

void read_doc_type(TableReader& reader, const EbmlElement& header, ContainerFindings& found) {
  const auto bytes = reader.read(header.content, std::min<std::uint64_t>(header.size, 4'096));
  found.format = "matroska";
  for_each_element(bytes, [&](std::uint32_t element, std::span<const std::byte> content) {
    if (element == id::doc_type && ebml_text(content) == "webm") found.format = "webm";
  });
}

// The CRC-32 element is the first child and covers everything after it (RFC 8794, 11.3.1).
void check_crc(std::span<const std::byte> table, const std::string& name,
               ContainerFindings& found) {
  const auto first = element_in(table, 0);
  if (!first || first->id != id::crc_32 || first->size != 4 || first->end() > table.size()) return;
  ByteCursor cursor(table.subspan(static_cast<std::size_t>(first->content)));
  const std::uint32_t stored = cursor.le32();
  if (stored != crc32(table.subspan(static_cast<std::size_t>(first->end()))))
    found.damage.push_back(
        container_damage("The " + name + " element does not match its CRC-32 checksum."));
}

// Tables of the segment; clusters are passed over (mkv_clusters.h checks them as they are read).
void read_level_1(TableReader& reader, const EbmlElement& element, ContainerFindings& found) {
  if (element.id == id::cues) found.seek_index = true;
  if (element.id == id::tags || element.id == id::chapters || element.id == id::attachments)
    found.metadata.push_back(element_name(element.id));
  const std::string name = element_name(element.id);
  if (name.empty() || element.id == id::cluster || element.size > TableReader::kMaxPiece) return;
  if (element.id != id::tracks) {
    const auto head = reader.read(element.content, 1);
    if (head.empty() || head[0] != std::byte{id::crc_32}) return;  // no checksum, nothing to read
  }
  const auto table = reader.read(element.content, element.size);
  if (table.size() < element.size) return;  // cut: reported as such
  check_crc(table, name, found);
  if (element.id == id::tracks && found.tracks.empty()) read_matroska_tracks(table, found);
}

void read_segment(TableReader& reader, const EbmlElement& segment, ContainerFindings& found) {
  const std::uint64_t size = reader.size();
  std::uint64_t end = size;
  if (!segment.unknown_size) {
    if (segment.size > size - segment.content)
      found.damage.push_back(container_damage("The file ends " +
                                              bytes_text(segment.size - (size - segment.content)) +
                                              " before its Segment element does."));
    else
      end = segment.end();
  }
  std::uint64_t at = segment.content;
  int count = 0;
  for (; at < end && count < kMaxElements; ++count) {
    const auto element = read_element(reader, at, end);
    if (!element) return;
    if (element->unknown_size) return;  // a live recording: only reading the essence finds its end
    const bool cut = element->size > size - element->content;
    if (cut && segment.unknown_size && !element_name(element->id).empty())
      found.damage.push_back(container_damage(
          "The file ends " + bytes_text(element->size - (size - element->content)) +
          " before its " + element_name(element->id) + " element does."));
    if (element->id == id::cluster) found.essence_end = cut ? size : element->end();
    read_level_1(reader, *element, found);
    if (cut) return;
    at = element->end();
  }
}

}  // namespace

void read_matroska(TableReader& reader, ContainerFindings& found) {
  const auto header = read_element(reader, 0, reader.size());
  if (!header || header->unknown_size || header->size > reader.size()) return;
  read_doc_type(reader, *header, found);
  found.seek_index = false;
  std::uint64_t at = header->end();
  for (int i = 0; i < 64; ++i) {  // Void elements may stand between
    const auto element = read_element(reader, at, reader.size());
    if (element && element->id == id::segment) {
      read_segment(reader, *element, found);
      break;
    }
    if (!element || element->unknown_size || element->id != id::empty ||
        element->size > reader.size() - element->content)
      break;
    at = element->end();
  }
  if (found.tracks.empty())
    found.damage.push_back(
        container_damage("The file has no Tracks element: nothing describes its media."));
}

}  // namespace cleangate::probes
