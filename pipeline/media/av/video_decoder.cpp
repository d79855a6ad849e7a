// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "pipeline/media/av/codec_run.h"
#include "pipeline/media/av/packet_body.h"
#include "pipeline/media/av/pixel_layout.h"

namespace cleangate::av {

struct Picture::Body {
  FramePtr frame{must(av_frame_alloc())};
};

Picture::Picture(std::unique_ptr<Body> body) : body_(std::move(body)) {}
Picture::Picture(Picture&&) noexcept = default;
Picture& Picture::operator=(Picture&&) noexcept = default;
Picture::~Picture() = default;

namespace {

SignalRange range_of(AVColorRange range) {
  return range == AVCOL_RANGE_JPEG   ? SignalRange::full
         : range == AVCOL_RANGE_MPEG ? SignalRange::narrow
                                     : SignalRange::unspecified;
}

VideoFrame view_of(const AVFrame& frame, const PixelLayout& layout) {
  VideoFrame view;
  view.width = frame.width;
  view.height = frame.height;
  view.layout = layout;
  for (std::size_t i = 0; i < view.planes.size(); ++i)
    view.planes[i] = {reinterpret_cast<const std::byte*>(frame.data[i]), frame.linesize[i]};
  view.color.primaries = static_cast<ColorPrimaries>(frame.color_primaries);
  view.color.transfer = static_cast<TransferCharacteristics>(frame.color_trc);
  view.color.matrix = static_cast<MatrixCoefficients>(frame.colorspace);
  view.color.range = range_of(frame.color_range);
  view.pixel_aspect = positive(frame.sample_aspect_ratio);
  return view;
}

std::size_t memory_of(const AVFrame& frame) {
  std::size_t bytes = 0;
  for (const AVBufferRef* buffer : frame.buf)
    if (buffer) bytes += static_cast<std::size_t>(buffer->size);
  return bytes;
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
void add_flags(const AVFrame& frame, Picture& picture) {
  picture.tag = frame.reordered_opaque;
  picture.key = frame.key_frame != 0;
  picture.interlaced = frame.interlaced_frame != 0;
  picture.damaged = (frame.flags & AV_FRAME_FLAG_CORRUPT) || frame.decode_error_flags != 0;
  picture.frame.repeat_first_field = frame.repeat_pict != 0;
  if (frame.interlaced_frame)
    picture.frame.structure = frame.top_field_first ? PictureStructure::top_field_first
                                                    : PictureStructure::bottom_field_first;
}
#pragma GCC diagnostic pop

class LibavVideoDecoder final : public VideoDecoder {
 public:
  CodecRun run_;

  void decode(const Packet& packet, std::int64_t tag, std::vector<Picture>& out) override {
    // Every decoded frame is measured, presented or not. Two jobs may decode one packet at a time:
    // it is not touched.
    AVPacket view = *packet.body().packet;
    view.flags &= ~AV_PKT_FLAG_DISCARD;
    run_.send(view, tag, [&](AVFrame& frame) { take(frame, out); });
  }
  void drain(std::vector<Picture>& out) override {
    run_.drain([&](AVFrame& frame) { take(frame, out); });
  }
  void reset() override { run_.reset(); }
  void restart(std::vector<Picture>& out) override {
    drain(out);
    reset();
  }
  [[nodiscard]] std::vector<DecodeError> take_errors() override { return run_.take_errors(); }
  [[nodiscard]] probes::VideoClaims claims() const override { return claims_; }

 private:
  void take(AVFrame& frame, std::vector<Picture>& out) {
    auto body = std::make_unique<Picture::Body>();
    av_frame_move_ref(body->frame.get(), &frame);
    const AVFrame& owned = *body->frame;
    const auto layout = pixel_layout(owned.format);
    Picture picture(std::move(body));
    picture.frame = view_of(owned, layout.value_or(PixelLayout{}));
    picture.bytes = memory_of(owned);
    add_flags(owned, picture);
    if (!layout) {
      picture.measurable = false;
      picture.because =
          fmt::format("Pictures of format {} cannot be measured.", pixel_format_name(owned.format));
    }
    if (!claims_.width) claim(owned, layout);
    out.push_back(std::move(picture));
  }

  void claim(const AVFrame& frame, const std::optional<PixelLayout>& layout) {
    claims_.width = frame.width;
    claims_.height = frame.height;
    const VideoFrame view = view_of(frame, PixelLayout{});
    claims_.pixel_aspect = view.pixel_aspect;
    claims_.color = view.color;
    const AVCodecContext& codec = run_.context();
    if (const char* profile = avcodec_profile_name(codec.codec_id, codec.profile))
      claims_.profile = profile;
    if (!layout) {  // X'Y'Z' is described, though its luma is not measured
      if (pixel_format_name(frame.format).starts_with("xyz12")) {
        claims_.bit_depth = 12;
        claims_.rgb = true;
        claims_.chroma = "4:4:4";
      }
      return;
    }
    claims_.bit_depth =
        codec.bits_per_raw_sample > 0 ? codec.bits_per_raw_sample : layout->components[0].bits;
    claims_.alpha = layout->has_alpha;
    claims_.rgb = layout->model == ColorModel::rgb || layout->model == ColorModel::palette;
    claims_.chroma = chroma_name(*layout);
  }

  probes::VideoClaims claims_;
};

}  // namespace

Expected<std::unique_ptr<VideoDecoder>> VideoDecoder::open(const StreamInfo& stream, int threads) {
  auto decoder = std::make_unique<LibavVideoDecoder>();
  if (auto opened = decoder->run_.open(stream, threads); !opened)
    return tl::unexpected(opened.error());
  return decoder;
}

}  // namespace cleangate::av
