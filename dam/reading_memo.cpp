// SPDX-License-Identifier: Apache-2.0
#include "dam/reading_memo.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <variant>

#include "dam/files.h"
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

namespace {

constexpr std::size_t kSealSize = 17;  // 16 hexadecimal digits and a space, before the readings

// A flipped bit in a remembered number would be a verdict that lies: the text carries a digest of
// itself and of what it is the answer to.
std::string seal(const Memo& memo, const Sha256& evidence) {
  const std::string text = fmt::format("{}|{}|{}|{}\n{}", memo.quantity, memo.version,
                                       memo.question, to_hex(evidence), memo.readings);
  return to_hex(sha256_of(text)).substr(0, kSealSize - 1) + ' ';
}

// Empty when it is not what was written.
std::optional<Memo> opened(const Statement& row, const Sha256& evidence) {
  const std::string sealed = row.text(3);
  if (sealed.size() < kSealSize) return std::nullopt;
  Memo memo{row.text(0), static_cast<int>(row.integer(1)), row.text(2), sealed.substr(kSealSize)};
  if (sealed.compare(0, kSealSize, seal(memo, evidence)) != 0) return std::nullopt;
  return memo;
}

}  // namespace

std::vector<Memo> load_memos(Database& database, AssetNumber asset, const Sha256& evidence) {
  std::vector<Memo> memos;
  const Query query = database.query(
      "SELECT quantity, version, question, readings FROM memo WHERE asset = ?1 AND evidence = ?2",
      asset, evidence);
  while (query->step())
    if (auto memo = opened(*query, evidence)) memos.push_back(std::move(*memo));
  return memos;
}

std::int64_t count_damaged_memos(Database& database, AssetNumber asset) {
  std::int64_t damaged = 0;
  const Query query = database.query(
      "SELECT quantity, version, question, readings, evidence FROM memo WHERE asset = ?1", asset);
  while (query->step())
    if (!opened(*query, query->digest(4).value_or(Sha256{}))) ++damaged;
  return damaged;
}

void write_memos(Database& database, AssetNumber asset, const Sha256& evidence,
                 const std::vector<Memo>& memos) {
  for (const Memo& memo : memos)
    database.run(
        "INSERT OR REPLACE INTO memo(asset, quantity, version, question, evidence, readings) "
        "VALUES "
        "(?1, ?2, ?3, ?4, ?5, ?6)",
        asset, memo.quantity, memo.version, memo.question, evidence,
        seal(memo, evidence) + memo.readings);
}

}  // namespace cleangate::dam
