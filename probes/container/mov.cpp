// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/text.h"
#include "probes/container/mov_fragment_index.h"
#include "probes/container/mov_fragments.h"
#include "probes/container/mov_track.h"
#include "probes/container/readers.h"
#include "probes/container/tail.h"

namespace cleangate::probes {
namespace {

constexpr std::size_t kMaxTracks = 4'096;
constexpr std::size_t kMaxIndexes = 10'000;
constexpr int kMaxTopLevel = 1'000'000;  // boxes; a fragment of one frame has two
constexpr std::size_t kMaxSamplesLookedAt = 256;
constexpr std::uint64_t kLongest = std::uint64_t{1} << 62;  // ticks

struct Movie {
  LanguageField dialect = LanguageField::iso;
  std::uint32_t time_scale = 0;
  std::uint64_t duration = 0;
  MovMatrix matrix;
  std::vector<MovTrack> tracks;
  std::optional<MovExtends> extends;
  bool compressed = false;  // `cmov`: deflated, not read here
};

struct TopLevel {
  std::optional<MovBox> ftyp, moov, mdat;
  std::vector<MovBox> moofs;
  MovFragmentIndexes indexes;
  std::uint64_t essence_end = 0;
  bool segment = false;  // begins as a media segment (`styp`, `sidx`, `moof`)
  bool image = false;    // `meta` at the top: HEIF or AVIF
  bool complete = true;  // every box was walked
};

// The types a file of this family is made of; anything else at the top is not believed when it
// claims to reach beyond the end.
bool is_top_level(std::uint32_t type) {
  static constexpr std::uint32_t kTypes[] = {
      fourcc("ftyp"), fourcc("moov"), fourcc("mdat"), fourcc("free"), fourcc("skip"),
      fourcc("wide"), fourcc("moof"), fourcc("mfra"), fourcc("sidx"), fourcc("styp"),
      fourcc("meta"), fourcc("uuid"), fourcc("udta"), fourcc("pnot"), fourcc("PICT"),
      fourcc("ssix"), fourcc("emsg"), fourcc("prft"), fourcc("pdin"), fourcc("imda")};
  return std::find(std::begin(kTypes), std::end(kTypes), type) != std::end(kTypes);
}

bool all_zero(std::span<const std::byte> bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::byte b) { return b == std::byte{0}; });
}

void note_box(const MovBox& box, std::uint64_t file_size, TopLevel& top) {
  switch (box.type) {
    case fourcc("ftyp"):
      if (!top.ftyp) top.ftyp = box;
      break;
    case fourcc("moov"):
      if (!top.moov) top.moov = box;
      break;
    case fourcc("mdat"):
    case fourcc("imda"):
      if (!top.mdat) top.mdat = box;
      top.essence_end = std::max(top.essence_end, std::min(box.end, file_size));
      break;
    case fourcc("moof"):
      top.moofs.push_back(box);
      break;
    case fourcc("sidx"):
      if (top.indexes.segments.size() < kMaxIndexes) top.indexes.segments.push_back(box);
      break;
    case fourcc("mfra"):
      top.indexes.random_access = box;
      break;
    case fourcc("meta"):
      top.image = true;
      break;
    default:
      break;
  }
}

// Walks the boxes of the file by their lengths.
TopLevel walk(TableReader& reader, ContainerFindings& found) {
  TopLevel top;
  const std::uint64_t size = reader.size();
  std::uint64_t at = 0;
  for (int count = 0; at < size; ++count) {
    if (count == kMaxTopLevel) {
      top.complete = false;
      found.damage.push_back(
          container_damage("The file has over a million boxes: those from byte " + with_commas(at) +
                           " on were not looked at."));
      break;
    }
    const auto box = read_box(reader, at, size);
    const auto header = reader.read(at, 8);
    if (all_zero(header)) break;  // padding: no box has neither size nor type
    const bool whole = box && (box->end <= size || is_top_level(box->type));
    if (!whole && only_tags_or_padding(reader, at)) break;
    if (!box) {
      found.damage.push_back(container_damage("The " + bytes_text(size - at) + " from byte " +
                                              with_commas(at) + " to the end are no box."));
      break;
    }
    if (at == 0)
      top.segment =
          box->type == fourcc("styp") || box->type == fourcc("sidx") || box->type == fourcc("moof");
    if (box->end > size) {
      const std::string missing = bytes_text(box->end - size);
      found.damage.push_back(container_damage(
          is_top_level(box->type)
              ? "The file ends " + missing + " before its " + fourcc_text(box->type) + " box does."
              : "The " + bytes_text(size - at) + " from byte " + with_commas(at) +
                    " to the end are no known box, and claim " + missing + " more."));
    }
    note_box(*box, size, top);
    at = box->end;
  }
  return top;
}

void read_brand(TableReader& reader, const TopLevel& top, Movie& movie, ContainerFindings& found) {
  found.format = top.segment ? "mp4" : "mov";
  found.brand = Fact<std::string>::unknown();
  movie.dialect = top.segment ? LanguageField::iso : LanguageField::quicktime;
  if (!top.ftyp) return;
  const auto bytes = reader.read(top.ftyp->content, 4);
  if (bytes.size() < 4) return;
  const std::uint32_t brand = ByteCursor(bytes).u32();
  found.brand = to_valid_utf8({reinterpret_cast<const char*>(bytes.data()), 4});
  const bool quicktime = brand == fourcc("qt  ");
  found.format = quicktime ? "mov" : "mp4";
  movie.dialect = quicktime ? LanguageField::quicktime : LanguageField::iso;
}

void read_mvhd(TableReader& reader, const MovBox& box, Movie& movie) {
  const auto bytes = reader.read(box.content, std::min<std::uint64_t>(box.content_size(), 112));
  ByteCursor cursor(bytes);
  const std::size_t width = cursor.u8() == 1 ? 8 : 4;
  cursor.skip(3 + 2 * width);
  const std::uint32_t time_scale = cursor.u32();
  const std::uint64_t duration = cursor.big(width);
  cursor.skip(4 + 2 + 10);
  MovMatrix matrix;
  matrix.a = cursor.i32();
  matrix.b = cursor.i32();
  cursor.skip(4);
  matrix.c = cursor.i32();
  matrix.d = cursor.i32();
  movie.time_scale = time_scale;
  if (!cursor.ok()) return;
  movie.matrix = matrix;
  const std::uint64_t unstated = width == 8 ? ~std::uint64_t{0} : 0xffffffff;
  movie.duration = duration == unstated ? 0 : duration;
}

void read_udta(TableReader& reader, const MovBox& box, ContainerFindings& found) {
  for_each_child(reader, box.content, box.end, [&](const MovBox& child) {
    if (found.metadata.size() >= 64) return;
    std::string name = fourcc_text(child.type);
    if (child.type >> 24 == 0xa9) name.replace(0, 1, "\xc2\xa9");  // the copyright sign
    if (std::find(found.metadata.begin(), found.metadata.end(), name) == found.metadata.end())
      found.metadata.push_back(std::move(name));
  });
}

void read_moov(TableReader& reader, const MovBox& moov, Movie& movie, ContainerFindings& found) {
  const std::uint64_t end = std::min(moov.end, reader.size());
  for_each_child(reader, moov.content, end, [&](const MovBox& box) {
    if (box.type == fourcc("mvhd")) read_mvhd(reader, box, movie);
    if (box.type == fourcc("cmov")) movie.compressed = true;
    if (box.type == fourcc("mvex")) movie.extends = read_mvex(reader, box);
    if (box.type == fourcc("udta")) read_udta(reader, box, found);
    if (box.type == fourcc("meta")) found.metadata.emplace_back("meta");
    if (box.type == fourcc("trak") && movie.tracks.size() < kMaxTracks)
      movie.tracks.push_back(read_trak(reader, box, movie.dialect));
  });
}

// Degrees clockwise; nothing for a mirror, a shear or an odd angle.
std::optional<int> rotation_of(const MovMatrix& track, const MovMatrix& movie) {
  const auto product = [](std::int64_t p, std::int64_t q, std::int64_t r, std::int64_t s) {
    const std::int64_t sum = ((p * q) >> 16) + ((r * s) >> 16);
    return sum > 0 ? 1 : sum < 0 ? -1 : 0;
  };
  const int a = product(track.a, movie.a, track.b, movie.c);
  const int b = product(track.a, movie.b, track.b, movie.d);
  const int c = product(track.c, movie.a, track.d, movie.c);
  const int d = product(track.c, movie.b, track.d, movie.d);
  if (a == 1 && d == 1 && b == 0 && c == 0) return 0;
  if (b == 1 && c == -1 && a == 0 && d == 0) return 90;
  if (a == -1 && d == -1 && b == 0 && c == 0) return 180;
  if (b == -1 && c == 1 && a == 0 && d == 0) return 270;
  return std::nullopt;
}

// Media ticks of the first composed sample: what B pictures delay, an edit may take back without
// trimming anything (14496-12, 8.6.1.3).
std::int64_t first_composition(TableReader& reader, const MovTrack& track) {
  if (!track.ctts || !track.stts) return 0;
  const auto ctts = reader.read(track.ctts->content, 8 + 8 * kMaxSamplesLookedAt);
  const auto stts = reader.read(track.stts->content, 8 + 8 * kMaxSamplesLookedAt);
  ByteCursor offsets(ctts), deltas(stts);
  offsets.skip(8);
  deltas.skip(8);
  std::uint32_t offsets_left = 0, deltas_left = 0;
  std::int64_t offset = 0, delta = 0, decode = 0;
  std::optional<std::int64_t> first;
  for (std::size_t i = 0; i < kMaxSamplesLookedAt; ++i) {
    while (offsets_left == 0 && offsets.left() >= 8) {
      offsets_left = offsets.u32();
      offset = offsets.i32();
    }
    while (deltas_left == 0 && deltas.left() >= 8) {
      deltas_left = deltas.u32();
      delta = deltas.u32();
    }
    if (offsets_left == 0 || deltas_left == 0) break;
    --offsets_left;
    --deltas_left;
    first = std::min(first.value_or(decode + offset), decode + offset);
    decode += delta;
  }
  return first.value_or(0);
}

bool states_whole_media(TableReader& reader, const MovTrack& track, std::uint32_t movie_scale) {
  if (track.edits.empty()) return true;
  if (track.edits.size() > 1) return false;
  const MovEditEntry& edit = track.edits.front();
  if (edit.media_time < 0 || edit.rate != 0x10000) return false;
  const std::int64_t skipped =
      edit.media_time == 0 ? 0 : edit.media_time - first_composition(reader, track);
  if (skipped > 0) return false;
  if (edit.duration == 0 || track.duration == 0) return true;  // fragmented: to the end
  if (movie_scale == 0 || track.time_scale == 0) return true;
  if (edit.duration > kLongest || track.duration > kLongest) return false;
  const auto presented = Rational::make(static_cast<std::int64_t>(edit.duration), movie_scale);
  const auto media = Rational::make(static_cast<std::int64_t>(track.duration), track.time_scale);
  if (!presented || !media) return false;
  const auto rounded = checked_add(*presented, Rational(1, movie_scale));
  return !rounded || *rounded >= *media;
}

std::vector<Edit> resolve_edits(const MovTrack& track, std::uint32_t movie_scale) {
  std::vector<Edit> edits;
  if (movie_scale == 0 || track.time_scale == 0) return edits;
  Rational start(0);
  for (const MovEditEntry& entry : track.edits) {
    if (entry.duration > kLongest) break;
    Edit edit;
    edit.start_s = start;
    edit.duration_s = Rational(static_cast<std::int64_t>(entry.duration), movie_scale);
    if (entry.media_time >= 0) edit.media_s = Rational(entry.media_time, track.time_scale);
    const auto next = checked_add(start, edit.duration_s);
    edits.push_back(edit);
    if (!next) break;
    start = *next;
  }
  return edits;
}

void hand_over(TableReader& reader, Movie& movie, ContainerFindings& found) {
  bool edited = false;
  for (MovTrack& track : movie.tracks) {
    edited = edited || !states_whole_media(reader, track, movie.time_scale);
    track.found.edits = resolve_edits(track, movie.time_scale);
    if (track.found.kind == StreamKind::video)
      track.found.video.rotation = rotation_of(track.matrix, movie.matrix);
    if (track.handler == fourcc("tmcd"))
      found.timecodes.push_back(read_timecode_track(reader, track));
    if (auto captions = captions_of(track)) found.captions.push_back(std::move(*captions));
    found.tracks.push_back(std::move(track.found));
  }
  found.edit_lists = edited;
}

MovFragmentedMovie fragmented(const TopLevel& top, const Movie& movie) {
  const MovExtends extends = movie.extends.value_or(MovExtends{});
  MovFragmentedMovie fragmented;
  fragmented.fragments = top.moofs;
  fragmented.complete = top.complete;
  fragmented.time_scale = movie.time_scale;
  const std::uint64_t stated = extends.duration.value_or(movie.duration);
  if (stated < kLongest) fragmented.duration = static_cast<std::int64_t>(stated);
  fragmented.tracks = fragmented_tracks(movie.tracks, extends);
  return fragmented;
}

}  // namespace

void read_mov(TableReader& reader, ContainerFindings& found) {
  const TopLevel top = walk(reader, found);
  Movie movie;
  read_brand(reader, top, movie, found);
  if (top.essence_end != 0 && top.complete) found.essence_end = top.essence_end;
  found.fast_start = Fact<bool>::unknown();
  found.edit_lists = Fact<bool>::unknown();
  if (!top.moov && top.image) {
    found.format = "heif";
    return;
  }
  if (!top.moov) {
    found.damage.push_back(container_damage(
        top.segment ? "The file is a media segment: it has no moov box to describe its media."
                    : "The file has no moov box: nothing describes its media."));
    return;
  }
  if (top.mdat) found.fast_start = top.moov->start < top.mdat->start;
  read_moov(reader, *top.moov, movie, found);
  if (movie.compressed) return;
  const MovFragmentedMovie fragments = fragmented(top, movie);
  hand_over(reader, movie, found);
  // Last: the fragments of a long file may need all that is left of what may be read.
  if (fragments.fragments.empty()) return;
  for (Damage& damage : fragment_damage(reader, fragments))
    found.damage.push_back(std::move(damage));
  if (!top.complete) return;
  for (Damage& damage : index_damage(reader, top.indexes, top.moofs.size()))
    found.damage.push_back(std::move(damage));
}

}  // namespace cleangate::probes
