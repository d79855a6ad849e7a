// SPDX-License-Identifier: Apache-2.0
#include "probes/bitstream/a53.h"

#include <bit>
#include <string>

#include "probes/bitstream/bit_reader.h"

namespace cleangate::probes {
namespace {

// Pictures held to undo decode order: more than any codec's reordering depth (16).
constexpr std::size_t kReorder = 32;
// cc_count has five bits.
constexpr std::size_t kMostTriplets = 31;

bool odd_parity(unsigned byte) { return std::popcount(byte) % 2 == 1; }

}  // namespace

std::span<const std::byte> a53_triplets(std::span<const std::byte> user_data) {
  // A/53 Part 4 6.2.2: user_data_type_code 3, flags with cc_count, em_data, then the triplets.
  if (user_data.size() < 3 || byte_at(user_data, 0) != 3) return {};
  const unsigned flags = byte_at(user_data, 1);
  if ((flags & 0x40) == 0) return {};  // process_cc_data_flag
  const std::size_t length = std::size_t{flags & 0x1f} * 3;
  const auto body = user_data.subspan(3);
  return body.first(std::min(length, body.size() / 3 * 3));
}

void CaptionServices::add(std::optional<std::int64_t> pts, std::span<const std::byte> triplets) {
  triplets = triplets.first(std::min(triplets.size(), kMostTriplets * 3));
  if (triplets.empty()) return;
  if (!pts) return take(triplets);
  waiting_.emplace(*pts, std::vector<std::byte>(triplets.begin(), triplets.end()));
  while (waiting_.size() > kReorder) {
    take(waiting_.begin()->second);
    waiting_.erase(waiting_.begin());
  }
}

void CaptionServices::finish() {
  for (const auto& [pts, triplets] : waiting_) take(triplets);
  waiting_.clear();
  close_packet();
}

void CaptionServices::take(std::span<const std::byte> triplets) {
  for (std::size_t i = 0; i + 3 <= triplets.size(); i += 3) {
    const unsigned marker = byte_at(triplets, i);
    const unsigned type = marker & 3;
    const bool valid = (marker & 4) != 0;
    if (type < 2) {
      if (valid)
        take_608(static_cast<int>(type), byte_at(triplets, i + 1), byte_at(triplets, i + 2));
    } else if (valid) {
      take_708(type == 3, triplets[i + 1], triplets[i + 2]);
    } else if (type == 3) {
      close_packet();
    }
  }
}

// CTA-608-E: control codes 10-1F of which bit 3 chooses the channel; 01-0F in field 2 is XDS.
void CaptionServices::take_608(int number, unsigned first, unsigned second) {
  if (!odd_parity(first) || !odd_parity(second)) return;
  first &= 0x7f;
  second &= 0x7f;
  Field& field = fields_[static_cast<std::size_t>(number)];
  if (first >= 0x01 && first <= 0x0f) {
    field.xds = number == 1 && first != 0x0f;
    return;
  }
  if (first >= 0x10 && first <= 0x1f) {
    field.xds = false;
    field.channel = first & 8 ? 1 : 0;
    const auto channel = static_cast<std::size_t>(field.channel);
    // Miscellaneous control codes: 14 in field 1, 14 or 15 in field 2 (8.4).
    const unsigned group = first & ~8U;
    if (group != 0x14 && group != 0x15) return;
    if (second == 0x20 || (second >= 0x25 && second <= 0x27) || second == 0x29)
      field.captioning[channel] = true;
    else if (second == 0x2a || second == 0x2b)  // TR, RTD: text, not captions
      field.captioning[channel] = false;
    return;
  }
  if (first < 0x20 || field.xds || field.channel < 0) return;
  if (field.captioning[static_cast<std::size_t>(field.channel)])
    channels_.set(static_cast<std::size_t>(number * 2 + field.channel));
}

// CTA-708-E 5: a packet begins with a triplet of type 3; its first byte gives its size.
void CaptionServices::take_708(bool start, std::byte first, std::byte second) {
  if (start) {
    close_packet();
    const unsigned code = std::to_integer<unsigned>(first) & 0x3f;
    packet_size_ = code == 0 ? 128 : std::size_t{code} * 2;
  } else if (packet_size_ == 0) {
    return;
  }
  packet_.push_back(first);
  packet_.push_back(second);
  if (packet_.size() >= packet_size_) close_packet();
}

void CaptionServices::close_packet() {
  if (packet_size_ > 0 && packet_.size() >= packet_size_) {
    std::size_t i = 1;
    while (i < packet_size_) {
      const unsigned header = byte_at(packet_, i++);
      unsigned service = header >> 5;
      const std::size_t length = header & 0x1f;
      if (service == 7 && length != 0) service = byte_at(packet_, i++) & 0x3f;
      if (service == 0 || length == 0) break;  // null block: padding to the end
      if (i + length > packet_size_) break;
      services_.set(service);
      i += length;
    }
  }
  packet_.clear();
  packet_size_ = 0;
}

std::vector<CaptionFacts> CaptionServices::facts() const {
  CaptionFacts facts;
  facts.carriage = "a53";
  const auto add = [&](std::string name) {
    CaptionService service;
    service.name = std::move(name);
    service.cues = Fact<std::int64_t>::unknown();
    service.first_s = service.last_s = Fact<Rational>::unknown();
    facts.services.push_back(std::move(service));
  };
  if (channels_.any()) facts.standards.emplace_back("cea608");
  if (services_.any()) facts.standards.emplace_back("cea708");
  for (std::size_t i = 0; i < channels_.size(); ++i)
    if (channels_.test(i)) add("CC" + std::to_string(i + 1));
  for (std::size_t i = 1; i < services_.size(); ++i)
    if (services_.test(i)) add("S" + std::to_string(i));
  if (facts.services.empty()) return {};
  return {facts};
}

}  // namespace cleangate::probes
