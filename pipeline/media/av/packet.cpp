// SPDX-License-Identifier: Apache-2.0
#include "pipeline/media/av/packet.h"

#include "pipeline/media/av/packet_body.h"

namespace cleangate::av {
namespace {

std::span<const std::byte> as_bytes(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const std::byte*>(data), data ? size : 0};
}

std::span<const std::byte> side_data(const AVPacket& packet, AVPacketSideDataType type) {
  std::size_t size = 0;
  const std::uint8_t* data = av_packet_get_side_data(&packet, type, &size);
  return as_bytes(data, size);
}

}  // namespace

Packet::Packet(std::unique_ptr<Body> body) : body_(std::move(body)) {}
Packet::Packet(Packet&&) noexcept = default;
Packet& Packet::operator=(Packet&&) noexcept = default;
Packet::~Packet() = default;

int Packet::stream() const { return body_->packet->stream_index; }

std::size_t Packet::bytes() const { return static_cast<std::size_t>(body_->packet->size); }

PacketView Packet::view() const {
  const AVPacket& packet = *body_->packet;
  PacketView view;
  view.stream = packet.stream_index;
  if (packet.pts != AV_NOPTS_VALUE) view.pts = packet.pts;
  if (packet.dts != AV_NOPTS_VALUE) view.dts = packet.dts;
  view.duration = packet.duration > 0 ? packet.duration : 0;
  if (packet.pos >= 0) view.position = packet.pos;
  view.key = packet.flags & AV_PKT_FLAG_KEY;
  view.corrupt = packet.flags & AV_PKT_FLAG_CORRUPT;
  view.discard = packet.flags & AV_PKT_FLAG_DISCARD;
  view.bytes = as_bytes(packet.data, bytes());
  view.a53 = side_data(packet, AV_PKT_DATA_A53_CC);
  return view;
}

Packet Packet::share() const {
  auto copy = std::make_unique<Body>();
  if (av_packet_ref(copy->packet.get(), body_->packet.get()) < 0) throw std::bad_alloc();
  return Packet(std::move(copy));
}

bool Packet::encrypted() const {
  return !side_data(*body_->packet, AV_PKT_DATA_ENCRYPTION_INFO).empty();
}

std::span<const std::byte> Packet::configuration() const {
  return side_data(*body_->packet, AV_PKT_DATA_NEW_EXTRADATA);
}

// AV_PKT_DATA_SKIP_SAMPLES: at the start and at the end, 32 bits each, little-endian.
Packet::Trim Packet::trim() const {
  const auto data = side_data(*body_->packet, AV_PKT_DATA_SKIP_SAMPLES);
  if (data.size() < 8) return {};
  const auto count = [&](std::size_t at) {
    std::int64_t value = 0;
    for (std::size_t i = 4; i-- > 0;) value = value << 8 | std::to_integer<int>(data[at + i]);
    return value;
  };
  return {count(0), count(4)};
}

bool Packet::changes_configuration() const {
  return !side_data(*body_->packet, AV_PKT_DATA_NEW_EXTRADATA).empty() ||
         !side_data(*body_->packet, AV_PKT_DATA_PARAM_CHANGE).empty();
}

}  // namespace cleangate::av
