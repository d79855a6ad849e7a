// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "core/packet_view.h"

namespace cleangate::av {

// One packet, owned. Moving is cheap; `share` gives another owner of the same bytes.
class Packet {
 public:
  struct Body;  // libav's
  explicit Packet(std::unique_ptr<Body> body);
  Packet(Packet&&) noexcept;
  Packet& operator=(Packet&&) noexcept;
  ~Packet();

  [[nodiscard]] int stream() const;
  [[nodiscard]] std::size_t bytes() const;  // of the payload
  [[nodiscard]] PacketView view() const;    // valid while this packet lives
  [[nodiscard]] Packet share() const;
  // The packet brings another codec configuration or another size or rate with it.
  [[nodiscard]] bool changes_configuration() const;
  // Samples of this packet that the container tells the decoder to drop (priming, padding, an edit
  // list), at its own sample rate.
  struct Trim {
    std::int64_t start = 0, end = 0;
  };
  [[nodiscard]] Trim trim() const;
  // The payload is encrypted (ISO/IEC 23001-7) and cannot be read here.
  [[nodiscard]] bool encrypted() const;
  // The codec configuration record that is in force from this packet on; empty: as before.
  [[nodiscard]] std::span<const std::byte> configuration() const;
  [[nodiscard]] const Body& body() const { return *body_; }

 private:
  std::unique_ptr<Body> body_;
};

}  // namespace cleangate::av
