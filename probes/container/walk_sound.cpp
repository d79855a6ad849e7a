// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>
#include <string_view>

#include "probes/container/byte_cursor.h"
#include "probes/container/table_reader.h"
#include "probes/container/walks.h"

// Sound files: DSF, Creative Voice, bare MLP and TrueHD.
namespace cleangate::probes {
namespace {

// Sony, DSF File Format Specification 1.01: chunks whose sizes count their own header.
class DsfWalk final : public PartReader {
 public:
  DsfWalk() : PartReader("chunk") {}
  Step read(std::uint64_t, std::span<const std::byte> head) override {
    if (head.size() < kHeader) return more(kHeader);
    ByteCursor cursor(head);
    const std::uint32_t id = cursor.u32();
    const std::uint64_t size = cursor.le64();
    if (size < kHeader) return stop();
    if (id == fourcc("fmt ")) {
      if (head.size() < kFormat) return more(kFormat);
      read_format(head);
    }
    if (id == fourcc("data")) {
      compare(size - kHeader);
      data_ = true;
      return part(size);
    }
    // Behind the sound there may be a tag, which its own reader looks after.
    return data_ ? stop() : part(size);
  }

 private:
  static constexpr std::size_t kHeader = 12, kFormat = 52;

  void read_format(std::span<const std::byte> head) {
    ByteCursor cursor(head.subspan(24));
    channels_ = cursor.le32();
    cursor.skip(4);
    cursor.skip(4);
    samples_ = cursor.le64();
  }

  // Samples of one bit whatever "bits per sample" says (1 and 8 are the order in a byte), in
  // blocks.
  void compare(std::uint64_t there) {
    constexpr std::uint64_t kMost = std::uint64_t{1} << 48;
    if (channels_ == 0 || channels_ > 64 || samples_ > kMost) return;
    const std::uint64_t bytes = (samples_ + 7) / 8;
    if (bytes * channels_ <= there) return;
    tell("The format chunk tells of " + bytes_text(bytes * channels_) +
         " of sound, the data chunk of " + bytes_text(there) + ".");
  }

  std::uint64_t channels_ = 0, samples_ = 0;
  bool data_ = false;
};

// Creative Voice File: blocks with a type and three bytes of length; type 0 ends it.
class VocWalk final : public PartReader {
 public:
  VocWalk() : PartReader("block") {}
  Step read(std::uint64_t at, std::span<const std::byte> head) override {
    if (at == 0) {
      if (head.size() < kHeader) return more(kHeader);
      const std::uint64_t begins = ByteCursor(head.subspan(20)).le16();
      return begins >= kHeader ? part(begins) : stop();
    }
    if (ended_) return behind(head);
    const auto type = std::to_integer<unsigned>(head[0]);
    if (type == 0) {
      ended_ = at + 1;
      return part(1);
    }
    if (type > kLastType) return none_at(at);
    if (head.size() < 4) return more(4);
    return part(4 + ByteCursor(head.subspan(1)).little(3));
  }
  void rest(std::uint64_t at, std::span<const std::byte> head) override {
    if (!ended_)
      cut(at, 4 - std::min<std::size_t>(4, head.size()));
    else
      count(head);
  }
  void finish() override {
    if (bytes_ > kPadding)
      tell("Behind the terminator, which ends at byte " + with_commas(*ended_) + ", there are " +
           bytes_text(bytes_) + " more.");
  }

 private:
  static constexpr std::size_t kHeader = 26;
  static constexpr unsigned kLastType = 9;
  // A terminator in the midst of blocks is a hole; what lies behind the last is no sound, be it a
  // sector of whatever.
  static constexpr std::uint64_t kPadding = 4'096;

  Step behind(std::span<const std::byte> head) {
    if (head.size() < kPadding) return more(kPadding);
    count(head);
    return part(head.size());
  }
  void count(std::span<const std::byte> more) {
    for (const std::byte b : more)
      if (b != std::byte{0} && b != std::byte{0x1a}) ++bytes_;
  }

  std::optional<std::uint64_t> ended_;
  std::uint64_t bytes_ = 0;  // behind it that are no padding
};

// Access units of MLP and TrueHD (Meridian Lossless Packing, DVD-Audio; Dolby TrueHD high-level
// bitstream description, 3): four bits of parity, twelve of length in words of 16, 16 of timing;
// major syncs among them.
class MlpWalk final : public PartReader {
 public:
  MlpWalk() : PartReader("access unit") {}
  static bool is_major_sync(std::span<const std::byte> unit) {
    ByteCursor cursor(unit);
    cursor.skip(4);
    return (cursor.u32() & ~1u) == 0xf8726fba && cursor.ok();
  }
  Step read(std::uint64_t at, std::span<const std::byte> head) override {
    if (head.size() < kSync) return more(kSync);
    const std::uint64_t size = 2 * (ByteCursor(head).u16() & 0x0fffu);
    // Zeros up to the end of the file are padding.
    const auto first = ByteCursor(head).u64();
    if (first == 0 && !zeros_) zeros_ = at;
    if (first == 0) return part(kSync);
    if (zeros_) return none_at(*zeros_);
    if (size < 4) return none_at(at);
    if (is_major_sync(head)) {
      if (head.size() <= kSubstreams) return more(kSubstreams + 1);
      substreams_ = std::to_integer<std::size_t>(head[kSubstreams]) >> 4;
      return part(size);
    }
    // An AC-3 frame between them, as some dumps have it, is not counted by their lengths.
    if (ByteCursor(head).u16() == 0x0b77) return stop();
    const std::size_t most = 4 + 4 * substreams_;
    if (head.size() < most && size >= most) return more(most);
    return is_even(head, size) ? part(size) : none_at(at);
  }
  void rest(std::uint64_t at, std::span<const std::byte> head) override {
    const std::uint64_t size = 2 * (ByteCursor(head).u16() & 0x0fffu);
    if (size > head.size() && !zeros_) cut(at, size - head.size());
  }

 private:
  static constexpr std::size_t kSync = 8, kSubstreams = 20;

  // The parity of the header and of the directory of its substreams, two or four bytes each.
  [[nodiscard]] bool is_even(std::span<const std::byte> head, std::uint64_t size) const {
    std::byte sum{};
    std::size_t at = 0;
    const auto words = [&](std::size_t count) {
      for (std::size_t end = at + 2 * count; at < end && at < head.size(); ++at) sum ^= head[at];
    };
    words(2);
    for (std::size_t i = 0; i < substreams_ && at < head.size(); ++i)
      words((head[at] & std::byte{0x80}) != std::byte{0} ? 2 : 1);
    if (at > size) return false;
    return (((sum >> 4) ^ sum) & std::byte{0x0f}) == std::byte{0x0f};
  }

  std::size_t substreams_ = 0;
  std::optional<std::uint64_t> zeros_;
};

}  // namespace

PartReaderPtr walk_dsf(std::span<const std::byte> head) {
  ByteCursor cursor(head);
  const bool dsf = cursor.u32() == fourcc("DSD ") && cursor.le64() == 28;
  return dsf ? std::make_unique<DsfWalk>() : nullptr;
}

PartReaderPtr walk_voc(std::span<const std::byte> head) {
  constexpr std::string_view kMagic = "Creative Voice File\x1a";
  const bool voc = head.size() >= kMagic.size() &&
                   std::equal(kMagic.begin(), kMagic.end(), head.begin(),
                              [](char a, std::byte b) { return a == std::to_integer<char>(b); });
  return voc ? std::make_unique<VocWalk>() : nullptr;
}

PartReaderPtr walk_mlp(std::span<const std::byte> head) {
  return MlpWalk::is_major_sync(head) ? std::make_unique<MlpWalk>() : nullptr;
}

}  // namespace cleangate::probes
