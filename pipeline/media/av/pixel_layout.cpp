// SPDX-License-Identifier: Apache-2.0
#include "pipeline/media/av/pixel_layout.h"

#include <string_view>

#include "pipeline/media/av/libav.h"

namespace cleangate::av {
namespace {

ColorModel model_of(const AVPixFmtDescriptor& format) {
  if (format.flags & AV_PIX_FMT_FLAG_PAL) return ColorModel::palette;
  if (format.flags & AV_PIX_FMT_FLAG_RGB) return ColorModel::rgb;
  const int colors = format.nb_components - ((format.flags & AV_PIX_FMT_FLAG_ALPHA) ? 1 : 0);
  return colors == 1 ? ColorModel::gray : ColorModel::ycbcr;
}

}  // namespace

std::optional<PixelLayout> pixel_layout(int libav_format) {
  const AVPixFmtDescriptor* format = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(libav_format));
  constexpr std::uint64_t kNotSamples =
      AV_PIX_FMT_FLAG_HWACCEL | AV_PIX_FMT_FLAG_BAYER | AV_PIX_FMT_FLAG_BITSTREAM;
  if (!format || (format->flags & kNotSamples) || format->nb_components < 1) return std::nullopt;
  // X'Y'Z' of digital cinema: no weights of R', G' and B' give its luma.
  if (std::string_view(format->name).starts_with("xyz")) return std::nullopt;
  PixelLayout layout;
  layout.model = model_of(*format);
  layout.kind = (format->flags & AV_PIX_FMT_FLAG_FLOAT) ? SampleKind::ieee_float
                                                        : SampleKind::unsigned_integer;
  layout.component_count = format->nb_components;
  layout.has_alpha = format->flags & AV_PIX_FMT_FLAG_ALPHA;
  layout.big_endian = format->flags & AV_PIX_FMT_FLAG_BE;
  layout.log2_chroma_w = format->log2_chroma_w;
  layout.log2_chroma_h = format->log2_chroma_h;
  for (std::size_t i = 0; i < layout.component_count; ++i) {
    const AVComponentDescriptor& from = format->comp[i];
    if (from.depth > 32 || from.step <= 0) return std::nullopt;
    // libav tells where a 16-bit word starts from which it then takes the second byte, where one
    // byte holds the component of a big-endian format (R' of RGB565BE: -1).
    const bool second_byte = layout.big_endian && from.shift + from.depth <= 8;
    const int offset = from.offset + (second_byte ? 1 : 0);
    if (offset < 0 || offset > 0xffff) return std::nullopt;
    layout.components[i] = {
        static_cast<std::uint8_t>(from.plane), static_cast<std::uint16_t>(offset),
        static_cast<std::uint16_t>(from.step), static_cast<std::uint8_t>(from.shift),
        static_cast<std::uint8_t>(from.depth)};
  }
  return layout;
}

std::optional<PixelLayout> pixel_layout(const std::string& libav_name) {
  return pixel_layout(av_get_pix_fmt(libav_name.c_str()));
}

std::string_view chroma_name(const PixelLayout& layout) {
  if (layout.model == ColorModel::gray) return "4:0:0";
  if (layout.model == ColorModel::rgb || layout.model == ColorModel::palette) return "4:4:4";
  const int w = layout.log2_chroma_w, h = layout.log2_chroma_h;
  return w == 0 && h == 0   ? "4:4:4"
         : w == 1 && h == 0 ? "4:2:2"
         : w == 1 && h == 1 ? "4:2:0"
         : w == 2 && h == 0 ? "4:1:1"
         : w == 0 && h == 1 ? "4:4:0"
                            : "4:1:0";
}

std::string pixel_format_name(int libav_format) {
  const char* name = av_get_pix_fmt_name(static_cast<AVPixelFormat>(libav_format));
  return name ? name : "unknown";
}

}  // namespace cleangate::av
