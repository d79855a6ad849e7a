// SPDX-License-Identifier: Apache-2.0
#include "core/byte_source.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>

namespace cleangate {
namespace {

class ByteSourceTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ =
        std::filesystem::temp_directory_path() / ("cleangate-bytes-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::filesystem::path folder_;
};

TEST_F(ByteSourceTest, CountsEveryByteItHandsOut) {
  std::ofstream(folder_ / "f") << "0123456789";
  const auto source = open_path(folder_ / "f");
  ASSERT_TRUE(source);
  EXPECT_EQ((*source)->size(), 10u);
  std::array<std::byte, 4> into{};
  EXPECT_EQ(*(*source)->read_at(8, into), 2u);
  EXPECT_EQ(into[1], std::byte{'9'});
  EXPECT_EQ(*(*source)->read_at(10, into), 0u);
  EXPECT_EQ(*(*source)->read_at(1'000'000, into), 0u);
  EXPECT_EQ((*source)->bytes_read(), 2u);
}

TEST_F(ByteSourceTest, SaysWhatIsWrongAndWithWhich) {
  const auto missing = open_path(folder_ / "no\nsuch");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::not_found);
  EXPECT_NE(missing.error().message.find("no\\nsuch"), std::string::npos);
  EXPECT_EQ(missing.error().message.find('\n'), std::string::npos);
  const auto directory = open_path(folder_);
  ASSERT_FALSE(directory);
  EXPECT_EQ(directory.error().code, ErrorCode::not_a_file);
  EXPECT_NE(directory.error().message.find("directory"), std::string::npos);
}

TEST_F(ByteSourceTest, APipeDoesNotHang) {
  ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  const auto pipe = open_path(folder_ / "pipe");
  ASSERT_FALSE(pipe);
  EXPECT_EQ(pipe.error().code, ErrorCode::not_a_file);
}

TEST(MemorySource, ReadsItsBytes) {
  const std::array<std::byte, 3> bytes{std::byte{1}, std::byte{2}, std::byte{3}};
  const auto source = memory_source(bytes);
  std::array<std::byte, 2> into{};
  EXPECT_EQ(*source->read_at(2, into), 1u);
  EXPECT_EQ(into[0], std::byte{3});
}

}  // namespace
}  // namespace cleangate
