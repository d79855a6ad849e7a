// SPDX-License-Identifier: Apache-2.0
#include "dam/column_codec.h"

#include <fmt/format.h>
#include <zstd.h>

#include <algorithm>
#include <memory>
#include <new>
#include <string_view>

namespace cleangate::dam {
namespace {

constexpr int kLevel = 3;

std::uint64_t zigzag(std::uint64_t difference) {
  return difference << 1 ^ (difference >> 63 ? ~std::uint64_t{0} : std::uint64_t{0});
}

std::uint64_t unzigzag(std::uint64_t coded) {
  return coded >> 1 ^ (coded & 1 ? ~std::uint64_t{0} : std::uint64_t{0});
}

// Byte planes, least significant first: equal high bytes become runs, which zstd finds.
std::vector<std::byte> to_planes(std::span<const std::uint64_t> words, std::size_t width) {
  std::vector<std::byte> planes(words.size() * width);
  for (std::size_t plane = 0; plane < width; ++plane)
    for (std::size_t i = 0; i < words.size(); ++i)
      planes[plane * words.size() + i] = static_cast<std::byte>(words[i] >> (8 * plane) & 0xFF);
  return planes;
}

std::vector<std::uint64_t> from_planes(std::span<const std::byte> planes, std::size_t count,
                                       std::size_t width) {
  std::vector<std::uint64_t> words(count, 0);
  for (std::size_t plane = 0; plane < width; ++plane)
    for (std::size_t i = 0; i < count; ++i)
      words[i] |= static_cast<std::uint64_t>(planes[plane * count + i]) << (8 * plane);
  return words;
}

// One of each a thread: making one costs more than packing a short column.
template <class Context, Context* (*kMake)(), std::size_t (*kFree)(Context*)>
Context* context() {
  struct Free {
    void operator()(Context* made) const { kFree(made); }
  };
  static thread_local const std::unique_ptr<Context, Free> own(kMake());
  if (!own) throw std::bad_alloc();
  return own.get();
}

std::vector<std::byte> compress(std::span<const std::byte> bytes) {
  std::vector<std::byte> packed(ZSTD_compressBound(bytes.size()));
  const std::size_t size =
      ZSTD_compressCCtx(context<ZSTD_CCtx, ZSTD_createCCtx, ZSTD_freeCCtx>(), packed.data(),
                        packed.size(), bytes.data(), bytes.size(), kLevel);
  packed.resize(ZSTD_isError(size) ? 0 : size);
  return packed;
}

// Differences of an n-byte column need n bytes and one bit: they are taken modulo 2^(8n), which
// loses nothing.
std::uint64_t wrapped(std::uint64_t value, std::size_t width) {
  if (width == 8) return value;
  const std::uint64_t modulus = std::uint64_t{1} << (8 * width);
  value &= modulus - 1;
  const bool negative = value >> (8 * width - 1) & 1;
  return negative ? value | ~(modulus - 1) : value;
}

std::int64_t narrowed(std::uint64_t value, probes::ColumnType type) {
  const std::size_t width = probes::size_of(type);
  const bool is_signed = type >= probes::ColumnType::i8;
  if (width == 8) return static_cast<std::int64_t>(value);
  if (is_signed) return static_cast<std::int64_t>(wrapped(value, width));
  return static_cast<std::int64_t>(value & ((std::uint64_t{1} << (8 * width)) - 1));
}

}  // namespace

EncodedColumn encode_column(std::span<const std::int64_t> values, probes::ColumnType type) {
  EncodedColumn column;
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  column.min = *low;
  column.max = *high;
  if (column.min == column.max) return column;

  const std::size_t width = probes::size_of(type);
  std::vector<std::uint64_t> plain(values.size()), delta(values.size());
  std::uint64_t previous = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    plain[i] = static_cast<std::uint64_t>(values[i]);
    delta[i] = zigzag(wrapped(plain[i] - previous, width));
    previous = plain[i];
  }
  std::vector<std::byte> plain_bytes = compress(to_planes(plain, width));
  std::vector<std::byte> delta_bytes = compress(to_planes(delta, width));
  const bool delta_wins = delta_bytes.size() < plain_bytes.size();
  column.encoding = delta_wins ? Encoding::delta : Encoding::plain;
  column.payload = delta_wins ? std::move(delta_bytes) : std::move(plain_bytes);
  return column;
}

Expected<void> decode_column(Encoding encoding, std::int64_t constant,
                             std::span<const std::byte> payload, probes::ColumnType type,
                             std::span<std::int64_t> values) {
  if (encoding == Encoding::constant) {
    std::fill(values.begin(), values.end(), constant);
    return {};
  }
  const std::size_t width = probes::size_of(type);
  std::vector<std::byte> planes(values.size() * width);
  const std::size_t size =
      ZSTD_decompressDCtx(context<ZSTD_DCtx, ZSTD_createDCtx, ZSTD_freeDCtx>(), planes.data(),
                          planes.size(), payload.data(), payload.size());
  if (ZSTD_isError(size) || size != planes.size())
    return fail(ErrorCode::damaged,
                fmt::format("A column of a series does not unpack: {}.",
                            ZSTD_isError(size) ? std::string_view(ZSTD_getErrorName(size))
                                               : "its length is wrong"));
  const std::vector<std::uint64_t> words = from_planes(planes, values.size(), width);
  std::uint64_t previous = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    previous = encoding == Encoding::delta ? previous + unzigzag(words[i]) : words[i];
    values[i] = narrowed(previous, type);
  }
  return {};
}

}  // namespace cleangate::dam
