// SPDX-License-Identifier: Apache-2.0
#include "pipeline/pass/hashing.h"

#include <gtest/gtest.h>
#include <oneapi/tbb/task_arena.h>

#include <fstream>
#include <sstream>
#include <vector>

#include "pipeline/pass/file_digest.h"
#include "tests/support/shared_media.h"

namespace cleangate::test {
namespace {

std::string digest(const std::string& name, std::string_view text) {
  auto hasher = pass::NamedHasher::make(name);
  EXPECT_TRUE(hasher) << name;
  // In two parts: incremental as in a pass.
  const auto bytes = std::as_bytes(std::span(text));
  (*hasher)->update(bytes.first(bytes.size() / 2));
  (*hasher)->update(bytes.subspan(bytes.size() / 2));
  return (*hasher)->finish();
}

TEST(Hashing, PublishedVectors) {
  pass::Sha256Hasher sha256;  // FIPS 180-4, the example "abc"
  sha256.update("abc");
  EXPECT_EQ(to_hex(sha256.finish()),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(digest("md5", "abc"), "900150983cd24fb0d6963f7d28e17f72");  // RFC 1321
  EXPECT_EQ(digest("sha1", "abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(digest("xxh64", ""), "ef46db3751d8e999");  // xxHash specification
  EXPECT_EQ(digest("xxh3_64", ""), "2d06800538d394c2");
  EXPECT_EQ(digest("xxh3_128", ""), "99aa06d3014798d86001c324468d497f");
  EXPECT_EQ(
      digest("c4", ""),
      "c459dsjfscH38cYeXXYogktxf4Cd9ibshE3BHUo6a58hBXmRQdZrAkZzsWcbWtDg5oQstpDuni4Hirj75GEmTc1"
      "sFT");
}

// ASC MHL chains name each manifest by its C4.
TEST(Hashing, C4AgreesWithAscMhl) {
  CLEANGATE_SHARED_MEDIA(media);
  const auto folder = media /
                      "integrity/asc-mhl/examples/scenarios/Output/scenario_01/travel_01/"
                      "A002R2EC/ascmhl";
  std::stringstream chain, manifest;
  chain << std::ifstream(folder / "ascmhl_chain.xml").rdbuf();
  const std::string text = chain.str();
  const auto between = [&](const std::string& open, const std::string& close) {
    const auto from = text.find(open) + open.size();
    return text.substr(from, text.find(close, from) - from);
  };
  const std::string path = between("<path>", "</path>"), c4 = between("<c4>", "</c4>");
  manifest << std::ifstream(folder / path, std::ios::binary).rdbuf();
  EXPECT_EQ(digest("c4", manifest.str()), c4);
}

TEST(Hashing, UnknownNamesAreAUsageError) {
  const auto hasher = pass::NamedHasher::make("crc32");
  ASSERT_FALSE(hasher);
  EXPECT_EQ(hasher.error().code, ErrorCode::usage);
}

// Chunks that a slow algorithm has not come to yet count as memory held.
TEST(FileDigest, EveryAlgorithmAccountsForItsBacklog) {
  constexpr std::uint64_t kMebibyte = 1 << 20;
  const std::vector<std::byte> bytes(16 * kMebibyte);
  const auto zeros = memory_source(bytes);
  tbb::task_arena alone(1);  // nobody else works: all that is posted waits
  alone.execute([&] {
    pass::Flow flow(2, 64 * kMebibyte);
    const auto digest = pass::FileDigest::make(flow, *zeros, {"md5", "sha1"});
    ASSERT_TRUE(digest);
    (*digest)->begin_pass();
    ASSERT_TRUE((*digest)->read_rest());
    EXPECT_EQ(flow.most_held(), 3 * 16 * kMebibyte);
    flow.finish();
    EXPECT_EQ((*digest)->others().at("md5"), "2c7ab85a893283e98c931e9511add182");
  });
}

}  // namespace
}  // namespace cleangate::test
