// SPDX-License-Identifier: Apache-2.0
#include "probes/container/file_walk.h"

#include <algorithm>

#include "probes/container/table_reader.h"
#include "probes/container/walks.h"

namespace cleangate::probes {
namespace {

constexpr std::size_t kMaxTold = 20;
constexpr std::size_t kMaxHead = 1 << 20;

std::unique_ptr<PartReader> reader_for(std::span<const std::byte> head) {
  using Maker = std::unique_ptr<PartReader> (*)(std::span<const std::byte>);
  static constexpr Maker kMakers[] = {walk_mxf, walk_asf, walk_y4m, walk_dv,
                                      walk_dsf, walk_voc, walk_mlp};
  for (const Maker make : kMakers)
    if (auto reader = make(head)) return reader;
  return nullptr;
}

}  // namespace

void PartReader::tell(std::string message) {
  if (damage_.size() < kMaxTold) damage_.push_back(container_damage(std::move(message)));
}

PartReader::Step PartReader::none_at(std::uint64_t at) {
  tell("There is no " + std::string(part_) + " at byte " + with_commas(at) +
       ", where one should begin.");
  return stop();
}

void PartReader::cut(std::uint64_t at, std::uint64_t missing) {
  tell("The file ends " + bytes_text(missing) + " before the " + std::string(part_) +
       " that begins at byte " + with_commas(at) + " does.");
}

void FileWalk::saw(std::span<const std::byte> bytes) {
  while (!bytes.empty() && !stopped_) {
    if (skip_ > 0) {
      const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(skip_, bytes.size()));
      skip(count);
      bytes = bytes.subspan(count);
      continue;
    }
    const std::size_t count = std::min(bytes.size(), wanted_ - std::min(wanted_, head_.size()));
    head_.insert(head_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count));
    bytes = bytes.subspan(count);
    while (!stopped_ && skip_ == 0 && head_.size() >= wanted_) step();
  }
}

void FileWalk::skip(std::uint64_t count) {
  skip_ -= count;
  if (skip_ == 0) at_ += size_;
}

void FileWalk::step() {
  using Kind = PartReader::Step::Kind;
  if (!reader_) reader_ = reader_for(head_);
  const PartReader::Step next = reader_ ? reader_->read(at_, head_) : PartReader::stop();
  if (next.kind == Kind::more && next.bytes > head_.size() && next.bytes <= kMaxHead) {
    wanted_ = static_cast<std::size_t>(next.bytes);
    return;
  }
  stopped_ = next.kind != Kind::part || next.bytes == 0 || next.bytes > UINT64_MAX - at_;
  if (stopped_) return;
  size_ = skip_ = next.bytes;
  wanted_ = 1;
  const auto known = static_cast<std::size_t>(std::min<std::uint64_t>(head_.size(), next.bytes));
  head_.erase(head_.begin(), head_.begin() + static_cast<std::ptrdiff_t>(known));
  skip(known);
}

std::vector<Damage> FileWalk::finish() {
  if (!reader_) return {};
  if (!stopped_ && skip_ > 0) reader_->cut(at_, skip_);
  if (!stopped_ && skip_ == 0 && !head_.empty()) reader_->rest(at_, head_);
  stopped_ = true;
  reader_->finish();
  return reader_->damage();
}

}  // namespace cleangate::probes
