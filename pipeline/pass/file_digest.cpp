// SPDX-License-Identifier: Apache-2.0
#include "pipeline/pass/file_digest.h"

#include <algorithm>

namespace cleangate::pass {
namespace {
constexpr std::size_t kChunk = 1 << 20;
}

Expected<std::unique_ptr<FileDigest>> FileDigest::make(Flow& flow, ByteSource& source,
                                                       const std::vector<std::string>& others) {
  auto digest = std::unique_ptr<FileDigest>(new FileDigest(flow, source));
  for (const std::string& name : others) {
    auto hasher = NamedHasher::make(name);
    if (!hasher) return tl::unexpected(hasher.error());
    digest->others_.push_back({name, std::move(*hasher), std::make_unique<Strand>(flow)});
  }
  return digest;
}

void FileDigest::saw(std::uint64_t offset, std::span<const std::byte> bytes) {
  if (offset > hashed_) {
    if (!in_pass_) return;
    if (const auto read = read_until(offset); !read) error_ = read.error();
    if (offset > hashed_) return;
  }
  const std::uint64_t known = hashed_ - offset;
  if (known < bytes.size()) take(bytes.subspan(static_cast<std::size_t>(known)));
}

Expected<void> FileDigest::read_until(std::uint64_t end) {
  std::vector<std::byte> buffer(kChunk);
  while (hashed_ < end) {
    const auto want = static_cast<std::size_t>(std::min<std::uint64_t>(kChunk, end - hashed_));
    const auto count = source_.read_at(hashed_, std::span(buffer).first(want));
    if (!count) return tl::unexpected(count.error());
    if (*count == 0) return fail(ErrorCode::refused, "The file became shorter while it was read.");
    take(std::span(buffer).first(*count));
  }
  return {};
}

Expected<void> FileDigest::read_rest() {
  if (error_) return tl::unexpected(*error_);
  if (auto read = read_until(source_.size()); !read) return read;
  if (!open_.empty())
    post(std::make_shared<const std::vector<std::byte>>(std::exchange(open_, {})));
  return {};
}

void FileDigest::take(std::span<const std::byte> bytes) {
  hashed_ += bytes.size();
  if (also_) also_(bytes);
  while (!bytes.empty()) {
    if (open_.empty()) open_.reserve(kChunk);
    const std::size_t count = std::min(bytes.size(), kChunk - open_.size());
    open_.insert(open_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count));
    bytes = bytes.subspan(count);
    if (open_.size() == kChunk)
      post(std::make_shared<const std::vector<std::byte>>(std::exchange(open_, {})));
  }
}

void FileDigest::post(Chunk chunk) {
  strand_.post(chunk->size(), [this, chunk] { sha256_.update(*chunk); });
  // Each strand accounts for what waits in it: the slowest algorithm holds the chunk longest.
  for (Other& other : others_)
    other.strand->post(chunk->size(),
                       [hasher = other.hasher.get(), chunk] { hasher->update(*chunk); });
}

std::map<std::string, std::string> FileDigest::others() {
  std::map<std::string, std::string> values;
  for (Other& other : others_) values[other.name] = other.hasher->finish();
  return values;
}

}  // namespace cleangate::pass
