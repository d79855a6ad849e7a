// SPDX-License-Identifier: Apache-2.0
#include "pipeline/pass/format_join.h"

#include <utility>

namespace cleangate::pass {
namespace {

template <class T>
void hold(T& now, T before) {
  if (now == T::unspecified) now = before;
}

}  // namespace

void FormatJoin::hold_on(Format& decoded) {
  if (!decoded.color) return;
  hold(decoded.color->primaries, color_.primaries);
  hold(decoded.color->transfer, color_.transfer);
  hold(decoded.color->matrix, color_.matrix);
  hold(decoded.color->range, color_.range);
  if (!decoded.pixel_aspect) decoded.pixel_aspect = pixel_aspect_;
  color_ = *decoded.color;
  pixel_aspect_ = decoded.pixel_aspect;
}

void FormatJoin::see(Format decoded, const std::shared_ptr<const Format>& headers,
                     std::int64_t at) {
  if (decoded.width <= 0) return;
  if (!silence_is_told_) hold_on(decoded);
  if (headers) headers_ = headers;
  if (headers_) decoded.profile = headers_->profile;
  if (headers_ && headers_->color) {
    decoded.color = headers_->color;
    decoded.pixel_aspect = headers_->pixel_aspect;
  }
  track_.see(std::move(decoded), at);
}

}  // namespace cleangate::pass
