// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "dam/record.h"
#include "dam/sqlite.h"
#include "specs/memory.h"

// Readings that are remembered from one judgement to the next (table `memo`).
namespace cleangate::dam {

struct Memo {
  std::string quantity;
  int version = 0;
  std::string question;
  std::string readings;  // JSON
};

// May these readings be taken for the evidence's own, whatever happens to the files they were
// folded from? Not where something was missing or could not be read.
[[nodiscard]] bool memorable(const std::vector<specs::Reading>& readings);
[[nodiscard]] Memo make_memo(const specs::Quantity& quantity, const std::string& question,
                             const std::vector<specs::Reading>& readings);

// Memory of one asset's evidence: what the catalog remembers, and what came new.
class ReadingMemo final : public specs::ReadingMemory {
 public:
  void add(Memo memo);  // as remembered
  [[nodiscard]] std::optional<std::vector<specs::Reading>> recall(
      const specs::Quantity& quantity, const std::string& question) override;
  void remember(const specs::Quantity& quantity, const std::string& question,
                const std::vector<specs::Reading>& readings) override;
  [[nodiscard]] std::vector<Memo> fresh() const;

 private:
  [[nodiscard]] static std::string key(std::string_view quantity, int version,
                                       const std::string& question);
  mutable std::mutex mutex_;
  std::map<std::string, std::string> known_;
  std::vector<Memo> fresh_;
};

// What was damaged on disk is left out: it is folded again.
[[nodiscard]] std::vector<Memo> load_memos(Database& database, AssetNumber asset,
                                           const Sha256& evidence);
void write_memos(Database& database, AssetNumber asset, const Sha256& evidence,
                 const std::vector<Memo>& memos);
[[nodiscard]] std::int64_t count_damaged_memos(Database& database, AssetNumber asset);

}  // namespace cleangate::dam
