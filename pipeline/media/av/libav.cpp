// SPDX-License-Identifier: Apache-2.0
#include "pipeline/media/av/libav.h"

namespace cleangate::av {

std::string error_text(int error) {
  char text[AV_ERROR_MAX_STRING_SIZE] = {};
  if (av_strerror(error, text, sizeof text) < 0) return "error " + std::to_string(error);
  return text;
}

std::optional<Rational> positive(AVRational value) {
  if (value.num <= 0 || value.den <= 0) return std::nullopt;
  return Rational(value.num, value.den);
}

}  // namespace cleangate::av
