// SPDX-License-Identifier: Apache-2.0
#include "pipeline/pass/essence_digest.h"

#include <algorithm>

namespace cleangate::pass {
namespace {

// A hostile stream may change its parameter sets with every picture: beyond this many they are
// digested like any other unit.
constexpr std::size_t kMostParameterSets = 4096;
constexpr std::uint64_t kHintPackets = 32, kHintBytes = 64 << 10;

enum class NalRole { payload, parameters, framing };

// ITU-T H.264 table 7-1, H.265 table 7-1. Framing: access unit delimiters and filler, which
// multiplexers add and drop.
NalRole role_of(bool hevc, std::byte header) {
  const int byte = std::to_integer<int>(header);
  const int type = hevc ? (byte >> 1) & 0x3f : byte & 0x1f;
  if (hevc) {
    if (type >= 32 && type <= 34) return NalRole::parameters;
    return type == 35 || type == 38 ? NalRole::framing : NalRole::payload;
  }
  if (type == 7 || type == 8 || type == 13 || type == 15) return NalRole::parameters;
  return type == 9 || type == 12 ? NalRole::framing : NalRole::payload;
}

std::uint32_t be16(std::span<const std::byte> bytes, std::size_t at) {
  return std::to_integer<std::uint32_t>(bytes[at]) << 8 |
         std::to_integer<std::uint32_t>(bytes[at + 1]);
}

// Calls `each` with every unit of an avcC [ISO/IEC 14496-15, 5.3.3.1] or hvcC [8.3.3.1] record.
template <class Each>
void units_of_avcc(std::span<const std::byte> record, Each each) {
  std::size_t at = 5;
  for (int list = 0; list < 2; ++list) {
    if (at >= record.size()) return;
    const int count = std::to_integer<int>(record[at++]) & (list == 0 ? 0x1f : 0xff);
    for (int i = 0; i < count; ++i) {
      if (at + 2 > record.size()) return;
      const std::size_t size = be16(record, at);
      at += 2;
      if (size > record.size() - at) return;
      each(record.subspan(at, size));
      at += size;
    }
  }
}

template <class Each>
void units_of_hvcc(std::span<const std::byte> record, Each each) {
  if (record.size() < 23) return;
  std::size_t at = 23;
  const int arrays = std::to_integer<int>(record[22]);
  for (int array = 0; array < arrays; ++array) {
    if (at + 3 > record.size()) return;
    const std::uint32_t count = be16(record, at + 1);
    at += 3;
    for (std::uint32_t i = 0; i < count; ++i) {
      if (at + 2 > record.size()) return;
      const std::size_t size = be16(record, at);
      at += 2;
      if (size > record.size() - at) return;
      each(record.subspan(at, size));
      at += size;
    }
  }
}

}  // namespace

EssenceDigest::EssenceDigest(const av::StreamInfo& stream) {
  sha256_.update("cleangate essence 1");
  sha256_.update_number(stream.codec.size());
  sha256_.update(stream.codec);
  const bool h264 = stream.codec == "h264";
  hevc_ = stream.codec == "hevc";
  if (stream.pcm) {
    shape_ = Shape::byte_string;
    sha256_.update_number(static_cast<std::uint64_t>(stream.audio.sample_rate.value_or(0)));
    sha256_.update_number(static_cast<std::uint64_t>(stream.audio.channels.value_or(0)));
  } else if (stream.codec == "mpeg2video" || stream.codec == "mpeg1video") {
    shape_ = Shape::byte_string;  // headers are in the stream
  } else if (h264 || hevc_) {
    shape_ = Shape::nal_units;
    layout_ = probes::nal_layout(stream.codec, stream.configuration);
    add_configuration(stream.configuration);
  } else if (stream.codec != "prores") {  // which has none: Matroska puts the codec's tag there
    sha256_.update_number(stream.configuration.size());
    sha256_.update(stream.configuration);
  }
}

void EssenceDigest::add_configuration(std::span<const std::byte> record) {
  const auto each = [this](std::span<const std::byte> unit) {
    if (!unit.empty() && role_of(hevc_, unit[0]) == NalRole::parameters) nal(unit);
  };
  if (layout_.framing == probes::NalFraming::annex_b) {
    struct Parameters : NalUnitSink {
      explicit Parameters(decltype(each)& to) : to_(to) {}
      void nal(std::span<const std::byte> unit) override { to_(unit); }
      decltype(each)& to_;
    } sink(each);
    probes::for_each_nal(record, probes::NalFraming::annex_b, 4, sink);
  } else if (hevc_) {
    units_of_hvcc(record, each);
  } else {
    units_of_avcc(record, each);
  }
}

void EssenceDigest::nal(std::span<const std::byte> unit) {
  if (unit.empty()) return;
  const NalRole role = role_of(hevc_, unit[0]);
  if (role == NalRole::framing) return;
  if (role == NalRole::parameters && parameter_sets_.size() < kMostParameterSets) {
    std::string key(reinterpret_cast<const char*>(unit.data()), unit.size());
    if (!parameter_sets_.insert(std::move(key)).second) return;  // repeated
  }
  sha256_.update_number(unit.size());
  sha256_.update(unit);
}

void EssenceDigest::add(std::span<const std::byte> payload) {
  if (hint_) return add_payload(payload);
  if (shape_ != Shape::byte_string) {
    add_payload(payload);
    if (++digested_ == kHintPackets) hint_ = sha256_.so_far();
    return;
  }
  const std::span<const std::byte> first =
      payload.first(std::min<std::size_t>(payload.size(), kHintBytes - digested_));
  add_payload(first);
  digested_ += first.size();
  if (digested_ == kHintBytes) hint_ = sha256_.so_far();
  add_payload(payload.subspan(first.size()));
}

void EssenceDigest::add_payload(std::span<const std::byte> payload) {
  switch (shape_) {
    case Shape::byte_string:
      sha256_.update(payload);
      return;
    case Shape::nal_units:
      if (probes::for_each_nal(payload, layout_.framing, layout_.length_size, *this)) return;
      sha256_.update("damaged");  // what could not be framed counts as it lies in the file
      [[fallthrough]];
    case Shape::packets:
      sha256_.update_number(payload.size());
      sha256_.update(payload);
      return;
  }
}

bool EssenceDigest::suffice_for_hint(std::int64_t packets, std::uint64_t bytes) const {
  return shape_ == Shape::byte_string ? bytes >= kHintBytes
                                      : static_cast<std::uint64_t>(packets) >= kHintPackets;
}

Sha256 EssenceDigest::finish() {
  const Sha256 whole = sha256_.finish();
  if (!hint_) hint_ = whole;
  return whole;
}

}  // namespace cleangate::pass
