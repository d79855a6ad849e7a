// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>

#include "probes/container/byte_cursor.h"
#include "probes/container/walks.h"

// Bare pictures of one size in bytes: YUV4MPEG2 and DV.
namespace cleangate::probes {
namespace {

bool begins_with(std::span<const std::byte> bytes, std::string_view text) {
  return bytes.size() >= text.size() &&
         std::equal(text.begin(), text.end(), bytes.begin(),
                    [](char a, std::byte b) { return a == std::to_integer<char>(b); });
}

std::string_view as_text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// mjpegtools, yuv4mpeg(5): a line of parameters, then frames, each behind a line "FRAME …". Sample
// formats are named in the words of yuv4mpeg and, of more than 8 bits, of libav.
class Y4mWalk final : public PartReader {
 public:
  Y4mWalk() : PartReader("frame") {}
  Step read(std::uint64_t at, std::span<const std::byte> head) override {
    constexpr std::size_t kLongestLine = 1'024;
    const auto text = as_text(head);
    const auto line = text.find('\n');
    if (line == std::string_view::npos)
      return head.size() < kLongestLine ? more(head.size() + 1) : stop();
    if (at == 0) {
      frame_ = frame_size(text.substr(0, line));
      return frame_ ? part(line + 1) : stop();
    }
    // libav stops here, and says so.
    if (!text.starts_with("FRAME")) return stop();
    return part(line + 1 + *frame_);
  }
  void rest(std::uint64_t at, std::span<const std::byte> head) override {
    if (frame_ && as_text(head) == std::string_view("FRAME").substr(0, head.size()))
      cut(at, *frame_ + 6 - head.size());
  }

 private:
  static std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc() || value == 0 || value > 1 << 16) return std::nullopt;
    return value;
  }

  static std::optional<std::uint64_t> frame_size(std::string_view line) {
    std::optional<std::uint64_t> width, height;
    std::string_view format, older = "420jpeg";
    for (std::size_t at = line.find(' '); at != std::string_view::npos;) {
      const std::size_t next = line.find(' ', at + 1);
      const std::string_view word = line.substr(at + 1, next - at - 1);
      if (word.starts_with('W')) width = number(word.substr(1));
      if (word.starts_with('H')) height = number(word.substr(1));
      if (word.starts_with('C')) format = word.substr(1);
      if (word.starts_with("XYSCSS=")) older = word.substr(7);
      at = next;
    }
    if (format.empty()) format = older;
    if (!width || !height) return std::nullopt;
    const auto samples = samples_of(format, *width, *height);
    if (!samples) return std::nullopt;
    return *samples * sample_bytes(format);
  }

  static std::optional<std::uint64_t> samples_of(std::string_view format, std::uint64_t width,
                                                 std::uint64_t height) {
    const std::uint64_t luma = width * height;
    if (format.starts_with("420")) return luma + 2 * ((width + 1) / 2) * ((height + 1) / 2);
    if (format.starts_with("422")) return luma + 2 * ((width + 1) / 2) * height;
    if (format.starts_with("411")) return luma + 2 * ((width + 3) / 4) * height;
    if (format == "444alpha") return 4 * luma;
    if (format.starts_with("444")) return 3 * luma;
    if (format.starts_with("mono")) return luma;
    return std::nullopt;
  }

  // "420p10", "mono16" have two bytes a sample; "420paldv", "420jpeg" and "mono" one.
  static std::uint64_t sample_bytes(std::string_view format) {
    const auto depth = format.substr(std::min<std::size_t>(format.size(), 4));
    return !depth.empty() && depth.front() >= '0' && depth.front() <= '9' ? 2 : 1;
  }

  std::optional<std::uint64_t> frame_;  // bytes
};

// DIF blocks of 80 bytes, 150 to a sequence (IEC 61834-2, SMPTE ST 314, ST 370). A frame begins
// with the header block of its first sequence.
class DvWalk final : public PartReader {
 public:
  DvWalk() : PartReader("DV frame") {}
  // As far as it goes.
  static bool begins(std::span<const std::byte> head) {
    constexpr std::array<unsigned, 4> kHeader{0x1f, 0x07, 0x00, 0x3f},
        kMask{0xff, 0xff, 0xff, 0x7f};
    for (std::size_t i = 0; i < std::min(head.size(), kHeader.size()); ++i)
      if ((std::to_integer<unsigned>(head[i]) & kMask[i]) != kHeader[i]) return false;
    return true;
  }
  Step read(std::uint64_t, std::span<const std::byte> head) override {
    if (head.size() < kEnough) return more(kEnough);
    const auto size = begins(head) ? frame_size(head) : std::nullopt;
    if (!size) return stop();
    last_ = *size;
    return part(*size);
  }
  void rest(std::uint64_t at, std::span<const std::byte> head) override {
    if (last_ > 0 && begins(head)) cut(at, last_ - head.size());
  }

 private:
  static constexpr std::size_t kBlock = 80, kEnough = 6 * kBlock, kSequence = 150 * kBlock;

  static bool lines_625(std::span<const std::byte> head) {
    return (std::to_integer<unsigned>(head[3]) & 0x80) != 0;
  }
  static std::uint64_t channel_bytes(std::span<const std::byte> head) {
    return kSequence * (lines_625(head) ? 12 : 10);
  }

  // From the DSF of the header (525 or 625 lines) and the STYPE of the VAUX source pack.
  static std::optional<std::uint64_t> frame_size(std::span<const std::byte> head) {
    const std::uint64_t channel = channel_bytes(head);
    switch (std::to_integer<unsigned>(head[5 * kBlock + 48 + 3]) & 0x1f) {
      case 0x00:
        return channel;
      case 0x01:
        return lines_625(head) ? std::optional(channel) : std::nullopt;
      case 0x04:  // 50 Mb/s
      case 0x18:  // 720p
        return 2 * channel;
      case 0x14:  // 1080i
        return 4 * channel;
      default:
        return std::nullopt;
    }
  }

  std::uint64_t last_ = 0;  // bytes of the frame before
};

}  // namespace

PartReaderPtr walk_y4m(std::span<const std::byte> head) {
  return begins_with(head, "YUV4MPEG2 ") ? std::make_unique<Y4mWalk>() : nullptr;
}

PartReaderPtr walk_dv(std::span<const std::byte> head) {
  return head.size() >= 4 && DvWalk::begins(head) ? std::make_unique<DvWalk>() : nullptr;
}

}  // namespace cleangate::probes
