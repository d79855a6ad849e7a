// SPDX-License-Identifier: Apache-2.0
// Feeds a fuzz target the files of a corpus, without libFuzzer.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size);

int main(int argc, char** argv) {
  constexpr std::size_t kSmall = 4096;  // bytes; of such files every beginning is fed too
  int files = 0;
  for (int i = 1; i < argc; ++i)
    for (const auto& entry : std::filesystem::recursive_directory_iterator(argv[i])) {
      if (!entry.is_regular_file()) continue;
      std::ifstream file(entry.path(), std::ios::binary);
      const std::vector<char> read{std::istreambuf_iterator<char>(file), {}};
      // Exactly as large as its bytes, so that a sanitizer sees one read too many.
      const std::vector<std::uint8_t> bytes(read.begin(), read.end());
      std::printf("%s\n", entry.path().c_str());
      (void)LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
      for (std::size_t length = 0; length < bytes.size() && bytes.size() <= kSmall; ++length) {
        const std::vector<std::uint8_t> beginning(
            bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length));
        (void)LLVMFuzzerTestOneInput(beginning.data(), beginning.size());
      }
      ++files;
    }
  if (files == 0) std::fprintf(stderr, "The corpus is empty.\n");
  return files == 0 ? 1 : 0;
}
