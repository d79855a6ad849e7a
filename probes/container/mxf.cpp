// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "probes/container/channel_labels.h"
#include "probes/container/mxf_model.h"
#include "probes/container/readers.h"

namespace cleangate::probes {
namespace {

constexpr std::size_t kMaxTracks = 4'096;
constexpr int kMaxPacketsWalked = 50'000;

// Universal label of an operational pattern (ST 377-1, 8.3; ST 390 for OP-Atom).
std::optional<std::string> pattern_name(const Ul& label) {
  constexpr Ul kPattern{0x06, 0x0e, 0x2b, 0x34, 0x04, 0x01, 0x01, 0x01,
                        0x0d, 0x01, 0x02, 0x01, 0x00, 0x00, 0x00, 0x00};
  if (!same_start(label, kPattern, 12)) return std::nullopt;
  if (label[12] == 0x10) return "OPAtom";
  if (label[12] < 1 || label[12] > 3 || label[13] < 1 || label[13] > 3) return std::nullopt;
  return "OP" + std::to_string(label[12]) + static_cast<char>('a' + label[13] - 1);
}

// Where the parts of the file are.
struct Layout {
  Partition header;
  std::optional<Partition> footer;
};

// Follows the KLV packets to find where a file without a footer was cut. Only keys and lengths are
// read.
void find_cut(TableReader& reader, const Partition& header, ContainerFindings& found) {
  std::uint64_t at = header.header;
  for (int i = 0; i < kMaxPacketsWalked && at < reader.size(); ++i) {
    const auto klv = read_klv(reader, at);
    if (!klv) {
      found.damage.push_back(container_damage("There is no KLV packet at byte " + with_commas(at) +
                                              ", where one should begin."));
      return;
    }
    if (klv->end > reader.size()) {
      found.damage.push_back(container_damage(
          "The file ends " + bytes_text(klv->end - reader.size()) +
          " before the KLV packet that begins at byte " + with_commas(at) + " does."));
      return;
    }
    at = klv->end;
  }
}

// The packets of the footer partition up to the end of the file.
void check_footer(TableReader& reader, const Partition& footer, ContainerFindings& found) {
  std::uint64_t at = footer.header;
  for (int i = 0; i < kMaxPacketsWalked && at < reader.size(); ++i) {
    const auto klv = read_klv(reader, at);
    if (!klv) return;  // what follows the last packet is no MXF
    if (klv->end > reader.size()) {
      found.damage.push_back(container_damage("The file ends " +
                                              bytes_text(klv->end - reader.size()) +
                                              " before its footer partition does."));
      return;
    }
    at = klv->end;
  }
}

Layout find_partitions(TableReader& reader, const Partition& header, ContainerFindings& found) {
  Layout layout{header, {}};
  const auto index = read_random_index_pack(reader);
  Partitions& partitions = *found.partitions;
  partitions.random_index_pack = !index.empty();
  std::uint64_t footer = header.footer;
  if (footer == 0 && !index.empty()) footer = index.back();
  const std::uint64_t at = header.start + footer;
  if (footer != 0 && at >= reader.size()) {
    found.damage.push_back(container_damage("The file ends " + bytes_text(at - reader.size()) +
                                            " before its footer partition begins."));
    return layout;
  }
  if (footer != 0) layout.footer = read_partition(reader, at);
  if (layout.footer && layout.footer->kind == PartitionKind::footer) {
    partitions.footer = true;
    found.essence_end = at;
    check_footer(reader, *layout.footer, found);
    return layout;
  }
  layout.footer.reset();
  found.damage.push_back(container_damage(
      footer != 0 ? "There is no footer partition at byte " + with_commas(at) +
                        ", where the file says there is one."
                  : "The file has no footer partition: it was cut, or never finished."));
  find_cut(reader, header, found);
  return layout;
}

// Header metadata of a partition, from its primer pack on: HeaderByteCount does not count the fill
// before it (ST 377-1, 7.1).
std::vector<std::byte> metadata_of(TableReader& reader, const Partition& partition) {
  std::uint64_t at = partition.header;
  for (int i = 0; i < 4; ++i) {
    const auto klv = read_klv(reader, at);
    if (!klv || is_primer_pack(klv->key)) break;
    at = klv->end;
  }
  return reader.read(at, partition.header_bytes);
}

// The descriptor of a track: the package's own, or the one of a multiple descriptor that names it.
const MxfSet* descriptor_of(const HeaderMetadata& header, const MxfSet& package,
                            std::uint64_t track) {
  const MxfSet* descriptor = header.one(package, tag::package_descriptor);
  if (!descriptor || descriptor->kind() != SetKind::multiple_descriptor) return descriptor;
  for (const MxfSet* part : header.all(*descriptor, tag::sub_descriptors))
    if (part->number(tag::linked_track) == track) return part;
  return nullptr;
}

const MxfSet* package_with(const HeaderMetadata& header, std::span<const std::byte> umid) {
  for (const MxfSet& set : header.sets()) {
    if (set.kind() != SetKind::source_package) continue;
    const auto own = set.find(tag::package_uid);
    if (own && std::equal(own->begin(), own->end(), umid.begin(), umid.end())) return &set;
  }
  return nullptr;
}

const MxfSet* track_with(const HeaderMetadata& header, const MxfSet& package, std::uint64_t id) {
  for (const MxfSet* track : header.all(package, tag::package_tracks))
    if (track->number(tag::track_id) == id) return track;
  return nullptr;
}

// The first source clip of a track, whose sequence may be left out around a single one.
const MxfSet* first_clip(const HeaderMetadata& header, const MxfSet& track) {
  const MxfSet* sequence = header.one(track, tag::track_sequence);
  if (!sequence || sequence->kind() == SetKind::source_clip) return sequence;
  if (sequence->kind() != SetKind::sequence) return nullptr;
  for (const MxfSet* component : header.all(*sequence, tag::components))
    if (component->kind() == SetKind::source_clip) return component;
  return nullptr;
}

const MxfSet* sole_timed_text(const HeaderMetadata& header) {
  const MxfSet* only = nullptr;
  for (const MxfSet& set : header.sets())
    if (set.kind() == SetKind::timed_text) {
      if (only) return nullptr;
      only = &set;
    }
  return only;
}

DataDefinition definition_of(const HeaderMetadata& header, const MxfSet& track) {
  const MxfSet* sequence = header.one(track, tag::track_sequence);
  const auto label = sequence ? sequence->label(tag::component_definition) : std::nullopt;
  return label ? data_definition(*label) : DataDefinition::unknown;
}

bool is_picture(const MxfSet& set) {
  return set.kind() == SetKind::generic_picture || set.kind() == SetKind::cdci_picture ||
         set.kind() == SetKind::rgba_picture || set.kind() == SetKind::mpeg_picture;
}

std::optional<StreamKind> kind_of(DataDefinition definition, const MxfSet* descriptor) {
  if (definition == DataDefinition::timecode) return std::nullopt;
  if (definition == DataDefinition::picture || (descriptor && is_picture(*descriptor)))
    return StreamKind::video;
  if (definition == DataDefinition::sound) return StreamKind::audio;
  if (descriptor && descriptor->kind() == SetKind::timed_text) return StreamKind::captions;
  if (definition == DataDefinition::data) return StreamKind::data;
  return std::nullopt;
}

void read_sound(const HeaderMetadata& header, const MxfSet& descriptor, TrackFindings& track) {
  track.audio = read_sound_descriptor(descriptor);
  track.mca = read_mca(header, descriptor);
  if (track.mca.empty()) return;
  const int channels = track.audio.channels.value_or(0);
  std::vector<std::string> labels(static_cast<std::size_t>(channels));
  bool one_language = true;
  for (const McaGroup& group : track.mca) {
    if (group.channel < channels) labels[static_cast<std::size_t>(group.channel)] = group.label;
    one_language = one_language && group.language == track.mca.front().language;
  }
  if (one_language) track.language = track.mca.front().language;
  if (std::none_of(labels.begin(), labels.end(), [](const std::string& l) { return l.empty(); })) {
    track.audio.channel_labels = labels;
    track.audio.channel_layout = layout_of(labels);
  }
}

// ST 436 and ST 429-5 (timed text) tracks. Whether an ST 436 track has captions only its packets
// know: `standards` stays empty.
std::optional<CaptionFacts> captions_of(const MxfSet& descriptor, const TrackFindings& track) {
  CaptionFacts captions;
  captions.stream = static_cast<int>(track.native_id);
  if (descriptor.kind() == SetKind::anc_data || descriptor.kind() == SetKind::vbi_data) {
    captions.carriage = "st436";
    return captions;
  }
  if (descriptor.kind() != SetKind::timed_text) return std::nullopt;
  constexpr Ul kNamespace{0x06, 0x0e, 0x2b, 0x34, 0x01, 0x01, 0x01, 0x08,
                          0x01, 0x02, 0x01, 0x05, 0x01, 0x00, 0x00, 0x00};
  const std::string name = descriptor.text(kNamespace).value_or("");
  captions.carriage = "stream";
  if (name.find("/ns/ttml") != std::string::npos) captions.standards.emplace_back("ttml");
  if (name.find("imsc1") != std::string::npos) captions.standards.emplace_back("imsc1");
  if (name.find("428-7") != std::string::npos) captions.standards.emplace_back("dcdm");
  return captions;
}

std::optional<TrackFindings> read_track(const HeaderMetadata& header, const MxfSet& track,
                                        int minor_version, ContainerFindings& found) {
  const MxfSet* clip = first_clip(header, track);
  TrackFindings findings;
  findings.native_id =
      static_cast<std::int64_t>(track.number(tag::track_id).value_or(0) & 0xffffffff);
  const auto umid = clip ? clip->find(tag::source_package) : std::nullopt;
  const auto source_id = clip ? clip->number(tag::source_track) : std::nullopt;
  const MxfSet* package = umid ? package_with(header, *umid) : nullptr;
  const MxfSet* source = package && source_id ? track_with(header, *package, *source_id) : nullptr;
  const MxfSet* descriptor =
      package ? descriptor_of(header, *package, source_id.value_or(0)) : nullptr;
  // Timed text of digital cinema has a descriptive segment for a clip, and is alone in its file.
  if (!clip) descriptor = sole_timed_text(header);
  if (!clip && !descriptor) return std::nullopt;
  findings.kind = kind_of(definition_of(header, track), descriptor);
  if (!findings.kind) return std::nullopt;
  if (source) {
    const auto rate = source->rational(tag::edit_rate);
    const auto origin = source->position(tag::origin);
    if (rate && *rate > Rational(0) && origin) {
      const auto seconds = checked_div(Rational(*origin), *rate);
      if (seconds) findings.origin_s = *seconds;
    }
  }
  if (!descriptor) return findings;
  if (is_picture(*descriptor)) findings.video = read_picture_descriptor(*descriptor, minor_version);
  if (findings.kind == StreamKind::audio) read_sound(header, *descriptor, findings);
  if (auto captions = captions_of(*descriptor, findings))
    found.captions.push_back(std::move(*captions));
  return findings;
}

void read_packages(const HeaderMetadata& header, int minor_version, ContainerFindings& found) {
  bool first_material = true;
  for (const MxfSet& package : header.sets()) {
    if (package.kind() != SetKind::material_package || !first_material) continue;
    first_material = false;  // more of them are alternative versions (OP1c and the like)
    for (TimecodeFacts& facts : read_timecodes(header, package, TimecodeSource::material_package))
      found.timecodes.push_back(std::move(facts));
    for (const MxfSet* track : header.all(package, tag::package_tracks)) {
      if (found.tracks.size() >= kMaxTracks) break;
      if (auto findings = read_track(header, *track, minor_version, found))
        found.tracks.push_back(std::move(*findings));
    }
  }
  for (const MxfSet& package : header.sets()) {
    if (package.kind() != SetKind::source_package || found.timecodes.size() >= kMaxTracks) continue;
    const MxfSet* descriptor = header.one(package, tag::package_descriptor);
    // File packages describe essence; tape and import packages what it once was.
    if (!descriptor || !descriptor->find(tag::essence_container)) continue;
    for (TimecodeFacts& facts : read_timecodes(header, package, TimecodeSource::file_package))
      found.timecodes.push_back(std::move(facts));
  }
}

}  // namespace

void read_mxf(TableReader& reader, ContainerFindings& found) {
  const auto start = find_header_partition(reader);
  if (!start) return;
  found.format = "mxf";
  found.begins = *start;
  found.operational_pattern = Fact<std::string>::unknown();
  const auto header = read_partition(reader, *start);
  if (!header) {
    found.damage.push_back(container_damage("The header partition of the file is damaged."));
    return;
  }
  found.operational_pattern = Fact<std::string>::of(pattern_name(header->operational_pattern));
  found.partitions =
      Partitions{header->closed, header->complete, false, false, header->minor_version};
  const Layout layout = find_partitions(reader, *header, found);
  const bool final = header->closed && header->complete;
  const bool better = !final && layout.footer && layout.footer->header_bytes > 0;
  const Partition& told = better ? *layout.footer : *header;
  found.partitions->closed = told.closed;
  found.partitions->complete = told.complete;
  const HeaderMetadata metadata(metadata_of(reader, told));
  if (metadata.sets().empty())
    found.damage.push_back(
        container_damage("The file has no header metadata: nothing describes its essence."));
  read_packages(metadata, told.minor_version, found);
}

}  // namespace cleangate::probes
