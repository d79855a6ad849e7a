// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/rational.h"
#include "probes/container/mxf_klv.h"

// Header metadata of MXF: local sets, their properties and the references between them (SMPTE
// ST 377-1, 9 and annexes A to F). Internal to the reader of MXF.
namespace cleangate::probes {

// Byte 15 of the keys of structural sets (ST 377-1, annex A; ST 377-4; ST 429-5).
enum class SetKind : std::uint8_t {
  none = 0,
  sequence = 0x0f,
  source_clip = 0x11,
  timecode_component = 0x14,
  content_storage = 0x18,
  generic_picture = 0x27,
  cdci_picture = 0x28,
  rgba_picture = 0x29,
  preface = 0x2f,
  material_package = 0x36,
  source_package = 0x37,
  static_track = 0x3a,
  timeline_track = 0x3b,
  generic_sound = 0x42,
  generic_data = 0x43,
  multiple_descriptor = 0x44,
  aes3_sound = 0x47,
  wave_sound = 0x48,
  mpeg_picture = 0x51,
  vbi_data = 0x5b,
  anc_data = 0x5c,
  timed_text = 0x64,
  channel_label = 0x6b,
  soundfield_label = 0x6c,
};

class HeaderMetadata;

[[nodiscard]] bool is_primer_pack(const Ul& key);

// One local set. Reads of properties that are absent, or of the wrong size, give nothing.
class MxfSet {
 public:
  [[nodiscard]] SetKind kind() const { return kind_; }
  [[nodiscard]] const Ul& uid() const { return uid_; }
  // By local tag (static tags of ST 377-1), or by the property's label through the primer pack.
  [[nodiscard]] std::optional<std::span<const std::byte>> find(std::uint16_t tag) const;
  [[nodiscard]] std::optional<std::span<const std::byte>> find(const Ul& property) const;

  template <class Key>
  [[nodiscard]] std::optional<std::uint64_t> number(const Key& key) const {
    const auto bytes = find(key);
    if (!bytes || bytes->empty() || bytes->size() > 8) return std::nullopt;
    return ByteCursor(*bytes).big(bytes->size());
  }
  template <class Key>
  [[nodiscard]] std::optional<std::int64_t> position(const Key& key) const {  // Int64
    const auto bytes = find(key);
    if (!bytes || bytes->size() != 8) return std::nullopt;
    return ByteCursor(*bytes).i64();
  }
  template <class Key>
  [[nodiscard]] std::optional<Rational> rational(const Key& key) const {
    const auto bytes = find(key);
    if (!bytes || bytes->size() != 8) return std::nullopt;
    ByteCursor cursor(*bytes);
    const std::int64_t num = cursor.i32(), den = cursor.i32();
    const auto value = Rational::make(num, den);
    return value ? std::optional<Rational>(*value) : std::nullopt;
  }
  template <class Key>
  [[nodiscard]] std::optional<Ul> label(const Key& key) const {
    const auto bytes = find(key);
    if (!bytes || bytes->size() != 16) return std::nullopt;
    ByteCursor cursor(*bytes);
    return read_ul(cursor);
  }
  // References or labels of an array or batch (count, size, items).
  template <class Key>
  [[nodiscard]] std::vector<Ul> labels(const Key& key) const {
    const auto bytes = find(key);
    return bytes ? read_batch(*bytes) : std::vector<Ul>{};
  }
  // UTF-16BE, as UTF-8.
  template <class Key>
  [[nodiscard]] std::optional<std::string> text(const Key& key) const {
    const auto bytes = find(key);
    return bytes ? std::optional<std::string>(read_utf16(*bytes)) : std::nullopt;
  }
  // ISO 7-bit, up to the first NUL.
  template <class Key>
  [[nodiscard]] std::optional<std::string> ascii(const Key& key) const {
    const auto bytes = find(key);
    if (!bytes) return std::nullopt;
    return ByteCursor(*bytes).text(bytes->size());
  }

 private:
  friend class HeaderMetadata;
  [[nodiscard]] static std::vector<Ul> read_batch(std::span<const std::byte> bytes);
  [[nodiscard]] static std::string read_utf16(std::span<const std::byte> bytes);

  struct Item {
    std::uint16_t tag;
    std::span<const std::byte> bytes;
  };
  SetKind kind_ = SetKind::none;
  Ul uid_{};
  std::vector<Item> items_;
  const std::map<std::uint16_t, Ul>* primer_ = nullptr;
};

// All sets of one copy of the header metadata. Owns the bytes its sets point into.
class HeaderMetadata {
 public:
  // `bytes` begins behind the partition pack: fill, primer pack, sets.
  explicit HeaderMetadata(std::vector<std::byte> bytes);
  HeaderMetadata(const HeaderMetadata&) = delete;
  HeaderMetadata& operator=(const HeaderMetadata&) = delete;

  [[nodiscard]] const std::vector<MxfSet>& sets() const { return sets_; }
  // The set a reference names, or nullptr.
  [[nodiscard]] const MxfSet* find(const Ul& uid) const;
  // The sets a property refers to; references to nowhere are left out.
  template <class Key>
  [[nodiscard]] std::vector<const MxfSet*> all(const MxfSet& set, const Key& key) const {
    std::vector<const MxfSet*> found;
    for (const Ul& uid : set.labels(key))
      if (const MxfSet* target = find(uid)) found.push_back(target);
    return found;
  }
  template <class Key>
  [[nodiscard]] const MxfSet* one(const MxfSet& set, const Key& key) const {
    const auto uid = set.label(key);
    return uid ? find(*uid) : nullptr;
  }

 private:
  void read_primer(std::span<const std::byte> value);
  void read_set(const Ul& key, std::span<const std::byte> value);

  std::vector<std::byte> bytes_;
  std::map<std::uint16_t, Ul> primer_;
  std::vector<MxfSet> sets_;
  std::map<Ul, std::size_t> by_uid_;
};

}  // namespace cleangate::probes
