// SPDX-License-Identifier: Apache-2.0
#include "core/color.h"

#include <fmt/format.h>

#include <charconv>
#include <span>

namespace cleangate {
namespace {

template <class T>
struct Name {
  T value;
  std::string_view text;
};

constexpr Name<ColorPrimaries> kPrimaries[] = {
    {ColorPrimaries::bt709, "bt709"},         {ColorPrimaries::unspecified, "unspecified"},
    {ColorPrimaries::bt470m, "bt470m"},       {ColorPrimaries::bt470bg, "bt470bg"},
    {ColorPrimaries::smpte170m, "smpte170m"}, {ColorPrimaries::smpte240m, "smpte240m"},
    {ColorPrimaries::film, "film"},           {ColorPrimaries::bt2020, "bt2020"},
    {ColorPrimaries::smpte428, "smpte428"},   {ColorPrimaries::smpte431, "smpte431"},
    {ColorPrimaries::smpte432, "smpte432"},   {ColorPrimaries::ebu3213, "ebu3213"}};

using Transfer = TransferCharacteristics;
constexpr Name<Transfer> kTransfers[] = {{Transfer::bt709, "bt709"},
                                         {Transfer::unspecified, "unspecified"},
                                         {Transfer::gamma22, "bt470m"},
                                         {Transfer::gamma28, "bt470bg"},
                                         {Transfer::smpte170m, "smpte170m"},
                                         {Transfer::smpte240m, "smpte240m"},
                                         {Transfer::linear, "linear"},
                                         {Transfer::log100, "log100"},
                                         {Transfer::log316, "log316"},
                                         {Transfer::iec61966_2_4, "iec61966-2-4"},
                                         {Transfer::bt1361e, "bt1361e"},
                                         {Transfer::iec61966_2_1, "iec61966-2-1"},
                                         {Transfer::bt2020_10, "bt2020-10"},
                                         {Transfer::bt2020_12, "bt2020-12"},
                                         {Transfer::smpte2084, "smpte2084"},
                                         {Transfer::smpte428, "smpte428"},
                                         {Transfer::arib_std_b67, "arib-std-b67"}};

using Matrix = MatrixCoefficients;
constexpr Name<Matrix> kMatrices[] = {{Matrix::gbr, "gbr"},
                                      {Matrix::bt709, "bt709"},
                                      {Matrix::unspecified, "unspecified"},
                                      {Matrix::fcc, "fcc"},
                                      {Matrix::bt470bg, "bt470bg"},
                                      {Matrix::smpte170m, "smpte170m"},
                                      {Matrix::smpte240m, "smpte240m"},
                                      {Matrix::ycgco, "ycgco"},
                                      {Matrix::bt2020nc, "bt2020nc"},
                                      {Matrix::bt2020c, "bt2020c"},
                                      {Matrix::smpte2085, "smpte2085"},
                                      {Matrix::chroma_derived_nc, "chroma-derived-nc"},
                                      {Matrix::chroma_derived_c, "chroma-derived-c"},
                                      {Matrix::ictcp, "ictcp"}};

constexpr std::string_view kNumbered = "h273-";

template <class T>
std::string name_of(std::span<const Name<T>> names, T value) {
  for (const Name<T>& name : names)
    if (name.value == value) return std::string(name.text);
  return fmt::format("{}{}", kNumbered, static_cast<int>(value));
}

template <class T>
Expected<T> value_of(std::span<const Name<T>> names, std::string_view text, std::string_view what) {
  for (const Name<T>& name : names)
    if (name.text == text) return name.value;
  if (text.starts_with(kNumbered)) {
    int number = -1;
    const std::string_view digits = text.substr(kNumbered.size());
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error == std::errc{} && end == digits.data() + digits.size() && number >= 0 &&
        number <= 255)
      return static_cast<T>(number);
  }
  std::string allowed;
  for (const Name<T>& name : names)
    allowed += fmt::format("{}{}", allowed.empty() ? "" : ", ", name.text);
  return fail(ErrorCode::usage,
              fmt::format("There are no {} \"{}\"; allowed: {}.", what, text, allowed));
}

}  // namespace

std::string to_string(ColorPrimaries value) { return name_of<ColorPrimaries>(kPrimaries, value); }
std::string to_string(TransferCharacteristics value) {
  return name_of<Transfer>(kTransfers, value);
}
std::string to_string(MatrixCoefficients value) { return name_of<Matrix>(kMatrices, value); }

std::string_view to_string(SignalRange value) {
  switch (value) {
    case SignalRange::narrow:
      return "narrow";
    case SignalRange::full:
      return "full";
    case SignalRange::unspecified:
      break;
  }
  return "unspecified";
}

Expected<ColorPrimaries> parse_primaries(std::string_view text) {
  return value_of<ColorPrimaries>(kPrimaries, text, "color primaries");
}
Expected<TransferCharacteristics> parse_transfer(std::string_view text) {
  return value_of<Transfer>(kTransfers, text, "transfer characteristics");
}
Expected<MatrixCoefficients> parse_matrix(std::string_view text) {
  return value_of<Matrix>(kMatrices, text, "matrix coefficients");
}
Expected<SignalRange> parse_range(std::string_view text) {
  for (const SignalRange range : {SignalRange::unspecified, SignalRange::narrow, SignalRange::full})
    if (to_string(range) == text) return range;
  return fail(
      ErrorCode::usage,
      fmt::format("There is no signal range \"{}\"; allowed: narrow, full, unspecified.", text));
}

}  // namespace cleangate
