// SPDX-License-Identifier: Apache-2.0
#include "probes/container/mkv_clusters.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string_view>
#include <vector>

#include "core/crc.h"
#include "probes/container/ebml.h"

namespace cleangate::probes {
namespace {

using Bytes = std::vector<std::byte>;

void add(Bytes& into, const Bytes& more) { into.insert(into.end(), more.begin(), more.end()); }

Bytes bytes_of(std::initializer_list<unsigned> values) {
  Bytes all;
  for (const unsigned value : values) all.push_back(static_cast<std::byte>(value));
  return all;
}

// An element with a size of eight bytes.
Bytes element(const Bytes& id, const Bytes& content) {
  Bytes all = id;
  all.push_back(std::byte{0x01});
  for (int shift = 48; shift >= 0; shift -= 8)
    all.push_back(static_cast<std::byte>(content.size() >> shift & 0xff));
  add(all, content);
  return all;
}

const Bytes kEbml = bytes_of({0x1A, 0x45, 0xDF, 0xA3}),
            kSegment = bytes_of({0x18, 0x53, 0x80, 0x67}),
            kCluster = bytes_of({0x1F, 0x43, 0xB6, 0x75}),
            kInfo = bytes_of({0x15, 0x49, 0xA9, 0x66});

Bytes payload(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  Bytes all(size);
  for (std::byte& b : all) b = static_cast<std::byte>(random() & 0xff);
  return all;
}

Bytes summed(const Bytes& content) {
  Bytes all = bytes_of({0xBF, 0x84});
  const std::uint32_t sum = crc32(content);
  for (int shift = 0; shift < 32; shift += 8)
    all.push_back(static_cast<std::byte>(sum >> shift & 0xff));
  add(all, content);
  return all;
}

Bytes file(std::size_t clusters) {
  Bytes segment = element(kInfo, payload(50, 1));
  for (std::size_t i = 0; i < clusters; ++i) {
    add(segment, element(kCluster, summed(payload(1000 + 37 * i, static_cast<unsigned>(i + 2)))));
    add(segment, element(kCluster, payload(100, 99)));  // without a checksum
  }
  Bytes all = element(kEbml, payload(20, 0));
  add(all, element(kSegment, segment));
  return all;
}

ClusterChecks checked(const Bytes& file, std::size_t piece) {
  ClusterChecks checks;
  for (std::size_t at = 0; at < file.size(); at += piece) {
    const auto size = std::min(piece, file.size() - at);
    checks.saw(at, std::span(file).subspan(at, size));
    if (at == 0) checks.saw(file.size() - 10, std::span(file).last(10));  // a look ahead
    if (at > 0) checks.saw(at - 1, std::span(file).subspan(at - 1, 1));   // some come again
  }
  return checks;
}

// The check value of CRC-32/ISO-HDLC.
TEST(Crc32, OfTheStandardText) {
  Bytes text;
  for (const char c : std::string_view("123456789")) text.push_back(static_cast<std::byte>(c));
  EXPECT_EQ(crc32(text), 0xCBF43926u);
  EXPECT_EQ(crc32(std::span(text).subspan(4), crc32(std::span(text).first(4))), 0xCBF43926u);
}

TEST(ClusterChecks, WholeOnesMatchHoweverTheyAreRead) {
  const Bytes whole = file(5);
  for (const std::size_t piece : {1, 7, 64, 1000, 100000}) {
    const auto checks = checked(whole, piece);
    EXPECT_EQ(checks.checked(), 5u) << piece;
    EXPECT_EQ(checks.broken(), 0u) << piece;
  }
}

TEST(ClusterChecks, OneChangedByteBreaksItsCluster) {
  const Bytes whole = file(3);
  std::uint64_t broken = 0;
  for (std::size_t at = 0; at < whole.size(); at += 11) {
    Bytes changed = whole;
    changed[at] ^= std::byte{0x10};
    const auto checks = checked(changed, 500);
    EXPECT_LE(checks.broken(), 1u) << at;
    broken += checks.broken();
    if (checks.broken() == 1) {
      EXPECT_LT(checks.first_broken().front(), at);
    }
  }
  EXPECT_GT(broken, 250u);  // most of the bytes are the clusters'
}

TEST(ClusterChecks, HostileFilesAreNotFollowed) {
  Bytes endless = element(kEbml, payload(20, 0));
  add(endless, element(kSegment, bytes_of({0x1F, 0x43, 0xB6, 0x75, 0x01, 0xff, 0xff, 0xff, 0xff,
                                           0xff, 0xff, 0xff, 0xBF, 0x84})));
  for (const std::size_t piece : {1, 3, 1000}) {
    EXPECT_EQ(checked(endless, piece).checked(), 0u);
    EXPECT_EQ(checked(payload(5000, 5), piece).checked(), 0u);
    EXPECT_EQ(checked({}, piece).checked(), 0u);
  }
}

}  // namespace
}  // namespace cleangate::probes
