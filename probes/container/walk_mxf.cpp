// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>
#include <vector>

#include "probes/container/mxf_klv.h"
#include "probes/container/walks.h"

// KLV packets of MXF, up to the footer partition. Readers look for the next key where one is
// damaged, and skip what they do not know (ST 377-1, 6.3: dark packets are allowed).
namespace cleangate::probes {
namespace {

constexpr std::size_t kHeader = 25;  // a key and the longest length
constexpr std::size_t kLeastHeader = 17;
constexpr std::size_t kMaxElements = 256;  // of a content package

// Sets and packs that may stand between content packages: partitions, index tables, fill, header
// metadata. Bytes 5 to 8 say how they are coded.
bool is_structure(const Ul& key) {
  constexpr Ul kFill{0x06, 0x0e, 0x2b, 0x34, 0x01, 0x01, 0x01, 0x02,
                     0x03, 0x01, 0x02, 0x10, 0x01, 0x00, 0x00, 0x00};
  if (same_label(key, kFill)) return true;
  const bool coded_group = key[4] == 0x02;
  const bool registered = key[8] == 0x0d && key[9] == 0x01;
  return coded_group && registered && (key[10] == 0x01 || key[10] == 0x02 || key[10] == 0x04);
}

bool is_footer(const Ul& key) {
  constexpr Ul kPartition{0x06, 0x0e, 0x2b, 0x34, 0x02, 0x05, 0x01, 0x01,
                          0x0d, 0x01, 0x02, 0x01, 0x01, 0x04, 0x00, 0x00};
  return same_start(key, kPartition, 14);
}

class MxfWalk final : public PartReader {
 public:
  MxfWalk() : PartReader("KLV packet") {}

  Step read(std::uint64_t at, std::span<const std::byte> head) override {
    if (head.size() < kLeastHeader) return more(kLeastHeader);
    const std::size_t length = std::to_integer<std::size_t>(head[16]);
    const std::size_t header =
        kLeastHeader + (length > 0x80 ? std::min<std::size_t>(length & 0x7f, 8) : 0);
    if (head.size() < header) return more(header);
    const auto klv = klv_in(head, 0);
    if (!klv) return none_at(at);
    if (is_footer(klv->key)) return stop();
    if (!is_structure(klv->key)) element(at, klv->key);
    return part(klv->end);
  }

 private:
  // Content packages have the same elements in the same order (ST 379-1, 5): the first shows them.
  void element(std::uint64_t at, const Ul& key) {
    const auto same = [&](const Ul& other) { return same_label(key, other); };
    const auto known = std::find_if(package_.begin(), package_.end(), same);
    if (!learnt_ && known == package_.end() && package_.size() < kMaxElements) {
      package_.push_back(key);
      return;
    }
    learnt_ = true;
    if (known == package_.end()) {
      if (!stranger_) stranger_ = at;
      return;
    }
    const auto place = static_cast<std::size_t>(known - package_.begin());
    if (stranger_ && place != next_ && !told_) {
      told_ = true;
      tell_stranger(*stranger_);
    }
    stranger_.reset();
    next_ = (place + 1) % package_.size();
  }

  void tell_stranger(std::uint64_t at);

  std::vector<Ul> package_;  // keys of the first content package
  bool learnt_ = false, told_ = false;
  std::size_t next_ = 0;  // of its keys the one to come
  std::optional<std::uint64_t> stranger_;
};

void MxfWalk::tell_stranger(std::uint64_t at) {
  tell("The KLV packet at byte " + with_commas(at) +
       " has an unknown key where an element of the essence is missing.");
}

}  // namespace

PartReaderPtr walk_mxf(std::span<const std::byte> head) {
  const auto klv = klv_in(head, 0);
  constexpr Ul kHeaderPartition{0x06, 0x0e, 0x2b, 0x34, 0x02, 0x05, 0x01, 0x01,
                                0x0d, 0x01, 0x02, 0x01, 0x01, 0x02, 0x00, 0x00};
  if (!klv || !same_start(klv->key, kHeaderPartition, 14)) return nullptr;
  return std::make_unique<MxfWalk>();
}

}  // namespace cleangate::probes
