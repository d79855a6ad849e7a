// SPDX-License-Identifier: Apache-2.0
#include "probes/container/mxf_sets.h"

namespace cleangate::probes {
namespace {

constexpr Ul kPrimer{0x06, 0x0e, 0x2b, 0x34, 0x02, 0x05, 0x01, 0x01,
                     0x0d, 0x01, 0x02, 0x01, 0x01, 0x05, 0x01, 0x00};
constexpr Ul kStructuralSet{0x06, 0x0e, 0x2b, 0x34, 0x02, 0x53, 0x01, 0x01,
                            0x0d, 0x01, 0x01, 0x01, 0x01, 0x01, 0x00, 0x00};
constexpr std::uint16_t kInstanceUid = 0x3c0a;

void append_utf8(std::string& out, std::uint32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xc0 | c >> 6);
    out += static_cast<char>(0x80 | (c & 63));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xe0 | c >> 12);
    out += static_cast<char>(0x80 | (c >> 6 & 63));
    out += static_cast<char>(0x80 | (c & 63));
  } else {
    out += static_cast<char>(0xf0 | c >> 18);
    out += static_cast<char>(0x80 | (c >> 12 & 63));
    out += static_cast<char>(0x80 | (c >> 6 & 63));
    out += static_cast<char>(0x80 | (c & 63));
  }
}

}  // namespace

bool is_primer_pack(const Ul& key) { return same_label(key, kPrimer); }

std::optional<std::span<const std::byte>> MxfSet::find(std::uint16_t tag) const {
  for (const Item& item : items_)
    if (item.tag == tag) return item.bytes;
  return std::nullopt;
}

std::optional<std::span<const std::byte>> MxfSet::find(const Ul& property) const {
  for (const Item& item : items_) {
    const auto named = primer_->find(item.tag);
    if (named != primer_->end() && same_label(named->second, property)) return item.bytes;
  }
  return std::nullopt;
}

std::vector<Ul> MxfSet::read_batch(std::span<const std::byte> bytes) {
  ByteCursor cursor(bytes);
  const std::uint32_t count = cursor.u32(), size = cursor.u32();
  std::vector<Ul> labels;
  if (size != 16) return labels;
  for (std::uint32_t i = 0; i < count && cursor.left() >= 16; ++i)
    labels.push_back(read_ul(cursor));
  return labels;
}

std::string MxfSet::read_utf16(std::span<const std::byte> bytes) {
  ByteCursor cursor(bytes);
  std::string out;
  while (cursor.left() >= 2) {
    std::uint32_t c = cursor.u16();
    if (c == 0) break;
    if (c >= 0xd800 && c < 0xdc00 && cursor.left() >= 2) {
      const std::uint32_t low = cursor.u16();
      c = low >= 0xdc00 && low < 0xe000 ? 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00) : 0xfffd;
    } else if (c >= 0xd800 && c < 0xe000) {
      c = 0xfffd;
    }
    append_utf8(out, c);
  }
  return out;
}

HeaderMetadata::HeaderMetadata(std::vector<std::byte> bytes) : bytes_(std::move(bytes)) {
  const std::span<const std::byte> all(bytes_);
  for (std::uint64_t at = 0; at < all.size();) {
    const auto klv = klv_in(all, at);
    if (!klv || klv->end > all.size()) break;
    const auto value =
        all.subspan(static_cast<std::size_t>(klv->value), static_cast<std::size_t>(klv->size()));
    if (is_primer_pack(klv->key)) read_primer(value);
    if (same_start(klv->key, kStructuralSet, 14)) read_set(klv->key, value);
    at = klv->end;
  }
}

void HeaderMetadata::read_primer(std::span<const std::byte> value) {
  ByteCursor cursor(value);
  const std::uint32_t count = cursor.u32(), size = cursor.u32();
  if (size != 18) return;
  for (std::uint32_t i = 0; i < count && cursor.left() >= 18; ++i) {
    const std::uint16_t tag = cursor.u16();
    primer_[tag] = read_ul(cursor);
  }
}

void HeaderMetadata::read_set(const Ul& key, std::span<const std::byte> value) {
  MxfSet set;
  set.kind_ = static_cast<SetKind>(key[14]);
  set.primer_ = &primer_;
  ByteCursor cursor(value);
  while (cursor.left() >= 4) {
    const std::uint16_t tag = cursor.u16();
    const auto bytes = cursor.take(cursor.u16());
    if (!cursor.ok()) break;
    if (tag == kInstanceUid && bytes.size() == 16) {
      ByteCursor uid(bytes);
      set.uid_ = read_ul(uid);
    }
    set.items_.push_back({tag, bytes});
  }
  by_uid_.emplace(set.uid_, sets_.size());
  sets_.push_back(std::move(set));
}

const MxfSet* HeaderMetadata::find(const Ul& uid) const {
  const auto found = by_uid_.find(uid);
  return found == by_uid_.end() ? nullptr : &sets_[found->second];
}

}  // namespace cleangate::probes
