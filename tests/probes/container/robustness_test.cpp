// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <fstream>
#include <random>

#include "tests/probes/container/mov_files.h"
#include "tests/probes/container/mxf_files.h"
#include "tests/support/shared_media.h"

// Hostile bytes: no reader crashes, reads without end, or fails otherwise than by its findings. The
// ASan lane runs these too.
namespace cleangate::test {
namespace {

// Reads and checks what holds for any bytes at all.
void survives(std::span<const std::byte> bytes) {
  const auto source = memory_source(bytes);
  const auto found = probes::read_container(*source);
  ASSERT_TRUE(found);
  EXPECT_LE(found->tracks.size(), 4'096u);
  if (found->essence_end) {
    EXPECT_LE(*found->essence_end, bytes.size());
  }
  for (const auto& damage : found->damage) {
    EXPECT_TRUE(damage.message.ends_with('.')) << damage.message;
  }
}

std::vector<std::byte> load(const std::filesystem::path& path, std::size_t most) {
  std::ifstream file(path, std::ios::binary);
  std::vector<char> head(most);
  file.read(head.data(), static_cast<std::streamsize>(most));
  const auto* bytes = reinterpret_cast<const std::byte*>(head.data());
  return {bytes, bytes + file.gcount()};
}

void cut_everywhere(const Bytes& file, std::size_t step) {
  for (std::size_t size = 0; size < file.size(); size += step)
    survives(std::span(file.all()).first(size));
}

void flip_bits(std::vector<std::byte> bytes, unsigned seed, int rounds) {
  std::mt19937 random(seed);
  for (int round = 0; round < rounds; ++round) {
    auto copy = bytes;
    for (int flips = 0; flips < 8; ++flips)
      copy[random() % copy.size()] ^= static_cast<std::byte>(1u << random() % 8);
    // A length field set high is what breaks readers.
    const std::size_t at = random() % copy.size();
    for (std::size_t i = at; i < std::min(at + 4, copy.size()); ++i)
      copy[i] = static_cast<std::byte>(random() % 3 == 0 ? 0xff : random() % 256);
    survives(copy);
  }
}

TEST(Robustness, CutFiles) {
  cut_everywhere(movie({}), 1);
  auto mxf = one_track(kPictureTrack);
  mxf.set(0x0f, 11, {{0x1001, refs({12})}}).set(0x14, 12, timecode(0, 10, 25, 0));
  cut_everywhere(mxf.bytes(), 7);
}

TEST(Robustness, FlippedBits) {
  flip_bits(movie({}).all(), 1, 2'000);
  flip_bits(one_track(kPictureTrack).bytes().all(), 2, 2'000);
}

TEST(Robustness, BoxesWithinThemselves) {
  Bytes nested = box("trak", Bytes());
  for (int i = 0; i < 2'000; ++i) nested = box(i % 2 ? "mdia" : "minf", nested);
  survives(box("ftyp", Bytes("isom").u32(0)).add(box("moov", nested)).all());
}

TEST(Robustness, CountsWithoutBytes) {
  MovParts parts;
  parts.edits = box("edts", full_box("elst", Bytes().u32(0xffffffff).zeros(24)));
  parts.sound_boxes = box("chan", Bytes().u32(0).u32(0).u32(0).u32(0xffffffff).zeros(40));
  survives(movie(parts).all());
}

TEST(Robustness, SetsThatReferToThemselves) {
  auto file = one_track(kPictureTrack);
  file.set(0x0f, 11, {{0x1001, refs({11, 11})}}).set(0x44, 100, {{0x3f01, refs({100})}});
  survives(file.bytes().all());
}

TEST(Robustness, RealFilesCutAndFlipped) {
  CLEANGATE_SHARED_MEDIA(media);
  unsigned seed = 100;
  for (const char* folder :
       {"containers/androidx-media/media", "imf_dcp/photon", "audio/libbw64"}) {
    if (!std::filesystem::is_directory(media / folder)) continue;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(media / folder)) {
      if (!entry.is_regular_file() || entry.file_size() < 64) continue;
      const auto extension = entry.path().extension();
      if (extension == ".dump" || extension == ".xml") continue;
      const auto head = load(entry.path(), 32'768);
      SCOPED_TRACE(entry.path().string());
      survives(std::span(head).first(head.size() / 2));
      flip_bits(head, seed++, 5);
    }
  }
}

}  // namespace
}  // namespace cleangate::test
