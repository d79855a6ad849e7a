// SPDX-License-Identifier: Apache-2.0
#include "pipeline/pass/decoded_piece.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <string>

#include "pipeline/media/av/decoder.h"
#include "pipeline/pass/hashing.h"
#include "probes/picture/frame_time_row.h"

namespace cleangate::pass {
namespace {

constexpr std::uint32_t kMagic = 0x50444743;  // "CGDP"
constexpr std::uint32_t kVersion = 2;
constexpr std::uint32_t kMostLeading = 128;

class Writer {
 public:
  void number(std::uint64_t value, int width) {
    for (int i = 0; i < width; ++i)
      bytes.push_back(static_cast<std::byte>(value >> (8 * i) & 0xFF));
  }
  void i64(std::int64_t value) { number(static_cast<std::uint64_t>(value), 8); }
  void u32(std::size_t value) { number(value, 4); }
  void raw(std::span<const std::byte> part) { bytes.insert(bytes.end(), part.begin(), part.end()); }
  void text(std::string_view value) {
    value = value.substr(0, kLongestText);
    u32(value.size());
    raw(std::as_bytes(std::span(value)));
  }
  template <class Value, class Write>
  void optional(const std::optional<Value>& value, Write write) {
    number(value ? 1 : 0, 1);
    if (value) write(*value);
  }
  std::vector<std::byte> bytes;
};

// What is missing or out of range reads as zero and makes `intact` false for good.
class Reader {
 public:
  explicit Reader(std::span<const std::byte> bytes) : bytes_(bytes) {}
  std::uint64_t number(int width) {
    const auto part = raw(static_cast<std::size_t>(width));
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < part.size(); ++i)
      value |= std::to_integer<std::uint64_t>(part[i]) << (8 * i);
    return value;
  }
  std::int64_t i64() { return static_cast<std::int64_t>(number(8)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }
  int small() {  // a size in pixels, or less
    const std::int64_t value = i64();
    if (value < 0 || value > 1 << 24) intact = false;
    return static_cast<int>(intact ? value : 0);
  }
  std::uint8_t at_most(std::uint8_t most) {
    const auto value = static_cast<std::uint8_t>(number(1));
    if (value > most) intact = false;
    return value <= most ? value : std::uint8_t{0};
  }
  std::span<const std::byte> raw(std::size_t count) {
    if (!intact || count > bytes_.size()) {
      intact = false;
      return {};
    }
    const auto part = bytes_.first(count);
    bytes_ = bytes_.subspan(count);
    return part;
  }
  std::string text() {
    const std::uint32_t size = u32();
    if (size > kLongestText) intact = false;
    const auto part = raw(size);
    return {reinterpret_cast<const char*>(part.data()), part.size()};
  }
  template <class Read>
  auto optional(Read read) -> std::optional<decltype(read())> {
    if (at_most(1) == 0) return std::nullopt;
    return read();
  }
  [[nodiscard]] bool finished() const { return intact && bytes_.empty(); }
  bool intact = true;

 private:
  std::span<const std::byte> bytes_;
};

void write_leading(Writer& writer, const Cut& cut) {
  writer.u32(cut.leading.size());
  for (const std::int64_t packet : cut.leading) writer.i64(packet);
}

bool read_leading(Reader& reader, Cut& cut) {
  const std::uint32_t count = reader.u32();
  if (count > kMostLeading) return false;
  std::int64_t last = cut.packet;
  for (std::uint32_t i = 0; i < count && reader.intact; ++i) {
    const std::int64_t packet = reader.i64();
    if (packet <= last) return false;
    cut.leading.push_back(last = packet);
  }
  return reader.intact;
}

void write_aspect(Writer& writer, const std::optional<Rational>& aspect) {
  writer.optional(aspect, [&](const Rational& value) {
    writer.i64(value.num());
    writer.i64(value.den());
  });
}

std::optional<Rational> read_aspect(Reader& reader) {
  return reader.optional([&] {
    const std::int64_t num = reader.i64(), den = reader.i64();
    const auto aspect = Rational::make(num, den);
    if (!aspect || *aspect <= Rational(0)) reader.intact = false;
    return aspect.value_or(Rational(1));
  });
}

void write_color(Writer& writer, const ColorDescription& color) {
  writer.number(static_cast<std::uint64_t>(color.primaries), 1);
  writer.number(static_cast<std::uint64_t>(color.transfer), 1);
  writer.number(static_cast<std::uint64_t>(color.matrix), 1);
  writer.number(static_cast<std::uint64_t>(color.range), 1);
}

ColorDescription read_color(Reader& reader) {
  ColorDescription color;
  color.primaries = static_cast<ColorPrimaries>(reader.number(1));
  color.transfer = static_cast<TransferCharacteristics>(reader.number(1));
  color.matrix = static_cast<MatrixCoefficients>(reader.number(1));
  color.range = static_cast<SignalRange>(reader.at_most(2));
  return color;
}

// What LibavVideoDecoder states; the other members are other voices'.
void write_claims(Writer& writer, const probes::VideoClaims& claims) {
  const auto integer = [&](int value) { writer.i64(value); };
  const auto text = [&](const std::string& value) { writer.text(value); };
  const auto flag = [&](bool value) { writer.number(value ? 1 : 0, 1); };
  writer.optional(claims.width, integer);
  writer.optional(claims.height, integer);
  write_aspect(writer, claims.pixel_aspect);
  write_color(writer, claims.color);
  writer.optional(claims.profile, text);
  writer.optional(claims.chroma, text);
  writer.optional(claims.bit_depth, integer);
  writer.optional(claims.alpha, flag);
  writer.optional(claims.rgb, flag);
}

bool read_claims(Reader& reader, probes::VideoClaims& claims) {
  const auto integer = [&] { return reader.small(); };
  const auto text = [&] { return reader.text(); };
  const auto flag = [&] { return reader.at_most(1) != 0; };
  claims.width = reader.optional(integer);
  claims.height = reader.optional(integer);
  claims.pixel_aspect = read_aspect(reader);
  claims.color = read_color(reader);
  claims.profile = reader.optional(text);
  claims.chroma = reader.optional(text);
  claims.bit_depth = reader.optional(integer);
  claims.alpha = reader.optional(flag);
  claims.rgb = reader.optional(flag);
  return reader.intact;
}

// As PictureMeter has it; the profile is the headers' to tell.
void write_format(Writer& writer, const probes::PictureFormat& format) {
  writer.i64(format.width);
  writer.i64(format.height);
  writer.optional(format.chroma, [&](const std::string& chroma) { writer.text(chroma); });
  writer.optional(format.bit_depth, [&](int bits) { writer.i64(bits); });
  writer.optional(format.color, [&](const ColorDescription& color) { write_color(writer, color); });
  write_aspect(writer, format.pixel_aspect);
}

probes::PictureFormat read_format(Reader& reader) {
  const auto integer = [&] { return reader.small(); };
  probes::PictureFormat format;
  format.width = integer();
  format.height = integer();
  format.chroma = reader.optional([&] { return reader.text(); });
  format.bit_depth = reader.optional(integer);
  format.color = reader.optional([&] { return read_color(reader); });
  format.pixel_aspect = read_aspect(reader);
  return format;
}

// `last`: the format of the frame before; only another one is written.
void write_frame(Writer& writer, const FrameRecord& frame, const probes::PictureFormat& last) {
  const bool changed = frame.format != last;
  writer.i64(frame.packet);
  writer.u32(frame.geometry);
  writer.number((frame.damaged ? 1u : 0u) | (frame.interlaced ? 2u : 0u) |
                    (frame.top_field_first ? 4u : 0u) | (frame.repeat_field ? 8u : 0u) |
                    (frame.rows.empty() ? 0u : 16u) | (changed ? 32u : 0u),
                1);
  if (changed) write_format(writer, frame.format);
  writer.text(frame.unmeasured);
  writer.raw(frame.rows);
}

FrameRecord read_frame(Reader& reader, std::size_t row_bytes, const probes::PictureFormat& last) {
  FrameRecord frame;
  frame.packet = reader.i64();
  frame.geometry = reader.u32();
  const std::uint8_t flags = reader.at_most(63);
  frame.damaged = flags & 1;
  frame.interlaced = flags & 2;
  frame.top_field_first = flags & 4;
  frame.repeat_field = flags & 8;
  frame.format = flags & 32 ? read_format(reader) : last;
  if (flags & 32 && frame.format == last) reader.intact = false;
  frame.unmeasured = reader.text();
  const auto rows = reader.raw(flags & 16 ? row_bytes : 0);
  frame.rows.assign(rows.begin(), rows.end());
  frame.finished = true;
  return frame;
}

}  // namespace

bool DecodedPiece::owns(std::int64_t packet) const {
  const auto leads = [packet](const Cut& cut) {
    return std::binary_search(cut.leading.begin(), cut.leading.end(), packet);
  };
  if (packet >= end.packet) return leads(end);
  return packet >= begin.packet && !leads(begin);
}

Sha256 basis_of(const av::StreamInfo& stream,
                const std::vector<const probes::PictureAnalyzer*>& analyzers) {
  Sha256Hasher hasher;
  hasher.update(av::decoder_provenance());
  hasher.update(fmt::format("\n{} {} {} {} {}/{}\n", stream.codec, stream.codec_tag, stream.width,
                            stream.height, stream.time_base.num(), stream.time_base.den()));
  hasher.update_number(stream.configuration.size());
  hasher.update(stream.configuration);
  hasher.update_number(probes::FrameTimeRow::kType.version);
  for (const probes::PictureAnalyzer* analyzer : analyzers)
    hasher.update(fmt::format("{} {} {}\n", analyzer->type->name, analyzer->type->version,
                              analyzer->type->size));
  return hasher.finish();
}

std::size_t row_bytes_of(const std::vector<const probes::PictureAnalyzer*>& analyzers) {
  std::size_t bytes = 0;
  for (const probes::PictureAnalyzer* analyzer : analyzers) bytes += analyzer->type->size;
  return bytes;
}

std::vector<std::byte> encode(const DecodedPiece& piece, const Sha256& basis) {
  Writer writer;
  writer.u32(kMagic);
  writer.u32(kVersion);
  writer.raw(std::as_bytes(std::span(basis.bytes)));
  write_leading(writer, piece.begin);
  writer.number(std::bit_cast<std::uint64_t>(piece.end.seconds), 8);
  write_leading(writer, piece.end);
  write_claims(writer, piece.claims);
  writer.u32(piece.errors.size());
  for (const av::DecodeError& error : piece.errors) {
    writer.optional(error.tag, [&](std::int64_t tag) { writer.i64(tag); });
    writer.text(error.text);
  }
  writer.u32(piece.frames.size());
  probes::PictureFormat last;
  for (const FrameRecord& frame : piece.frames) {
    write_frame(writer, frame, last);
    last = frame.format;
  }
  return std::move(writer.bytes);
}

std::optional<DecodedPiece> decode_piece(std::span<const std::byte> payload, const PieceHead& head,
                                         const Sha256& basis, std::size_t row_bytes) {
  Reader reader(payload);
  if (reader.u32() != kMagic || reader.u32() != kVersion) return std::nullopt;
  const auto found = reader.raw(basis.bytes.size());
  if (!reader.intact || !std::ranges::equal(found, std::as_bytes(std::span(basis.bytes))))
    return std::nullopt;
  DecodedPiece piece;
  piece.begin.packet = head.first;
  piece.begin.seconds = head.seconds;
  piece.end.packet = head.end;
  piece.frame = head.frame;
  if (head.first < 0 || head.end <= head.first || head.frame < 0) return std::nullopt;
  if (!read_leading(reader, piece.begin)) return std::nullopt;
  piece.end.seconds = std::bit_cast<double>(reader.number(8));
  if (!read_leading(reader, piece.end) || !std::isfinite(piece.end.seconds)) return std::nullopt;
  if (!read_claims(reader, piece.claims)) return std::nullopt;
  const std::uint32_t errors = reader.u32();
  for (std::uint32_t i = 0; i < errors && reader.intact; ++i) {
    av::DecodeError error;
    error.tag = reader.optional([&] { return reader.i64(); });
    error.text = reader.text();
    if (error.tag && !piece.owns(*error.tag)) return std::nullopt;
    piece.errors.push_back(std::move(error));
  }
  const std::uint32_t frames = reader.u32();
  for (std::uint32_t i = 0; i < frames && reader.intact; ++i) {
    const probes::PictureFormat last =
        piece.frames.empty() ? probes::PictureFormat{} : piece.frames.back().format;
    piece.frames.push_back(read_frame(reader, row_bytes, last));
    if (!piece.owns(piece.frames.back().packet)) return std::nullopt;
  }
  if (!reader.finished()) return std::nullopt;
  return piece;
}

}  // namespace cleangate::pass
