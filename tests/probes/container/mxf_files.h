// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>

#include "tests/probes/container/bytes.h"

// An OP1a file of header partition, one essence packet and footer, with sets made in the test.
namespace cleangate::test {

inline Bytes ul(std::string_view hex) {  // 32 digits, blanks and dots ignored
  Bytes out;
  int nibbles = 0, value = 0;
  for (const char c : hex) {
    const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    if (digit < 0) continue;
    value = value * 16 + digit;
    if (++nibbles % 2 == 0) {
      out.u8(static_cast<std::uint64_t>(value));
      value = 0;
    }
  }
  return out;
}

inline Bytes klv(const Bytes& key, const Bytes& value) {
  return Bytes(key).u8(0x83).big(value.size(), 3).add(value);
}

inline Bytes uid(int number) { return Bytes().zeros(14).u16(static_cast<std::uint64_t>(number)); }
inline Bytes umid(int number) { return Bytes().zeros(30).u16(static_cast<std::uint64_t>(number)); }
inline Bytes rational(std::uint32_t num, std::uint32_t den) { return Bytes().u32(num).u32(den); }
inline Bytes utf16(std::string_view text) {
  Bytes out;
  for (const char c : text) out.u16(static_cast<std::uint8_t>(c));
  return out;
}
inline Bytes refs(const std::vector<int>& numbers) {
  Bytes out = Bytes().u32(numbers.size()).u32(16);
  for (const int number : numbers) out.add(uid(number));
  return out;
}

class MxfFile {
 public:
  std::uint8_t status = 4;  // closed, complete
  bool footer = true, random_index = true;
  std::uint16_t minor_version = 3;
  std::size_t run_in = 0;
  std::string pattern = "060e2b34 04010101 0d010201 01010900";

  MxfFile& set(std::uint8_t kind, int number, const std::map<int, Bytes>& properties) {
    Bytes value = Bytes().u16(0x3c0a).u16(16).add(uid(number));
    for (const auto& [tag, bytes] : properties)
      value.u16(static_cast<std::uint64_t>(tag)).u16(bytes.size()).add(bytes);
    sets_.add(klv(ul("060e2b34 02530101 0d010101 0101").u8(kind).u8(0), value));
    return *this;
  }
  // A local tag of the test's own, by the property's label.
  MxfFile& name(int tag, std::string_view label) {
    primer_.u16(static_cast<std::uint64_t>(tag)).add(ul(label));
    ++primer_count_;
    return *this;
  }

  [[nodiscard]] Bytes bytes() const {
    const Bytes metadata = klv(ul("060e2b34 02050101 0d010201 01050100"),
                               Bytes().u32(primer_count_).u32(18).add(primer_))
                               .add(sets_);
    const Bytes essence = klv(ul("060e2b34 01020101 0d010301 15010500"), Bytes().zeros(5'000));
    const std::size_t pack = partition(2, 0, 0, 0).size();
    const std::uint64_t footer_at = footer ? pack + metadata.size() + essence.size() : 0;
    Bytes out = Bytes().zeros(run_in);
    out.add(partition(2, 0, footer_at, metadata.size())).add(metadata).add(essence);
    if (!footer) return out;
    out.add(partition(4, footer_at, footer_at, 0));
    if (!random_index) return out;
    const Bytes entries = Bytes().u32(1).u64(0).u32(0).u64(footer_at);
    return out.add(klv(ul("060e2b34 02050101 0d010201 01110100"),
                       Bytes(entries).u32(20 + entries.size() + 4)));
  }

 private:
  [[nodiscard]] Bytes partition(std::uint8_t kind, std::uint64_t at, std::uint64_t footer_at,
                                std::size_t header_bytes) const {
    const Bytes value = Bytes()
                            .u16(1)
                            .u16(minor_version)
                            .u32(1)
                            .u64(at)
                            .u64(0)
                            .u64(footer_at)
                            .u64(header_bytes)
                            .u64(0)
                            .u32(0)
                            .u64(0)
                            .u32(1)
                            .add(ul(pattern))
                            .u32(0)
                            .u32(16);
    return klv(ul("060e2b34 02050101 0d010201 01").u8(kind).u8(status).u8(0), value);
  }

  Bytes primer_, sets_;
  std::uint32_t primer_count_ = 0;
};

inline constexpr const char* kPictureTrack = "060e2b34 04010101 01030202 01000000";
inline constexpr const char* kSoundTrack = "060e2b34 04010101 01030202 02000000";
inline constexpr const char* kDataTrack = "060e2b34 04010101 01030202 03000000";
inline constexpr const char* kTimecodeTrack = "060e2b34 04010101 01030201 01000000";

// A material package (timecode track 1, essence track 2) over a file package whose descriptor is
// set number 100, which the test adds.
inline MxfFile one_track(std::string_view definition, std::uint32_t rate_num = 25,
                         std::uint32_t rate_den = 1) {
  MxfFile file;
  const Bytes rate = rational(rate_num, rate_den);
  file.set(0x36, 1, {{0x4401, umid(1)}, {0x4403, refs({10, 20})}})
      .set(0x37, 2, {{0x4401, umid(2)}, {0x4403, refs({40})}, {0x4701, uid(100)}})
      .set(0x3b, 10, {{0x4801, Bytes().u32(1)}, {0x4803, uid(11)}, {0x4b01, rate}})
      .set(0x3b, 20, {{0x4801, Bytes().u32(2)}, {0x4803, uid(21)}, {0x4b01, rate}})
      .set(0x0f, 21, {{0x0201, ul(definition)}, {0x1001, refs({22})}})
      .set(0x11, 22,
           {{0x0201, ul(definition)},
            {0x1101, umid(2)},
            {0x1102, Bytes().u32(7)},
            {0x1201, Bytes().u64(0)}})
      .set(
          0x3b, 40,
          {{0x4801, Bytes().u32(7)}, {0x4803, uid(21)}, {0x4b01, rate}, {0x4b02, Bytes().u64(50)}});
  return file;
}

inline std::map<int, Bytes> timecode(std::uint64_t start, std::uint64_t duration, int base,
                                     int drop) {
  return {{0x0201, ul(kTimecodeTrack)},
          {0x0202, Bytes().u64(duration)},
          {0x1501, Bytes().u64(start)},
          {0x1502, Bytes().u16(static_cast<std::uint64_t>(base))},
          {0x1503, Bytes().u8(static_cast<std::uint64_t>(drop))}};
}

}  // namespace cleangate::test
