// SPDX-License-Identifier: Apache-2.0
#include "dam/reading_memo.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <variant>

#include "dam/finding_json.h"

namespace cleangate::dam {

bool memorable(const std::vector<specs::Reading>& readings) {
  return std::none_of(readings.begin(), readings.end(), [](const specs::Reading& reading) {
    const auto* absent = std::get_if<specs::Absent>(&reading.value);
    return absent && (absent->kind == specs::AbsenceKind::not_measured ||
                      absent->kind == specs::AbsenceKind::damaged);
  });
}

Memo make_memo(const specs::Quantity& quantity, const std::string& question,
               const std::vector<specs::Reading>& readings) {
  return {std::string(quantity.id), quantity.version, question, readings_json(readings)};
}

std::string ReadingMemo::key(std::string_view quantity, int version, const std::string& question) {
  return fmt::format("{}|{}|{}", quantity, version, question);
}

void ReadingMemo::add(Memo memo) {
  known_[key(memo.quantity, memo.version, memo.question)] = std::move(memo.readings);
}

std::optional<std::vector<specs::Reading>> ReadingMemo::recall(const specs::Quantity& quantity,
                                                               const std::string& question) {
  std::string json;
  {
    const std::lock_guard lock(mutex_);
    const auto found = known_.find(key(quantity.id, quantity.version, question));
    if (found == known_.end()) return std::nullopt;
    json = found->second;
  }
  auto readings = read_readings(json);
  if (!readings) return std::nullopt;  // damaged: it is folded again
  return std::move(*readings);
}

void ReadingMemo::remember(const specs::Quantity& quantity, const std::string& question,
                           const std::vector<specs::Reading>& readings) {
  if (!memorable(readings)) return;
  Memo memo = make_memo(quantity, question, readings);
  const std::lock_guard lock(mutex_);
  known_[key(memo.quantity, memo.version, memo.question)] = memo.readings;
  fresh_.push_back(std::move(memo));
}

std::vector<Memo> ReadingMemo::fresh() const {
  const std::lock_guard lock(mutex_);
  return fresh_;
}

std::vector<Memo> load_memos(Database& database, AssetNumber asset, const Sha256& evidence) {
  std::vector<Memo> memos;
  const Query query = database.query(
      "SELECT quantity, version, question, readings FROM memo WHERE asset = ?1 AND evidence = ?2",
      asset, evidence);
  while (query->step())
    memos.push_back(
        {query->text(0), static_cast<int>(query->integer(1)), query->text(2), query->text(3)});
  return memos;
}

void write_memos(Database& database, AssetNumber asset, const Sha256& evidence,
                 const std::vector<Memo>& memos) {
  for (const Memo& memo : memos)
    database.run(
        "INSERT OR REPLACE INTO memo(asset, quantity, version, question, evidence, readings) "
        "VALUES "
        "(?1, ?2, ?3, ?4, ?5, ?6)",
        asset, memo.quantity, memo.version, memo.question, evidence, memo.readings);
}

}  // namespace cleangate::dam
